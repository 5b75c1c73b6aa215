/* SPDX-License-Identifier: Apache-2.0 */
package curatorglib.lock;

import curatorglib.peer.Actor;
import curatorglib.peer.Answer;
import curatorglib.peer.Arguments;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.locks.InterProcessLock;

/** What all locks can do that do not tell their nodes. */
abstract class LockActor extends Actor {
  private final CuratorFramework client;
  private final InterProcessLock lock;

  LockActor(CuratorFramework client, String id, InterProcessLock lock) {
    super(id);
    this.client = client;
    this.lock = lock;
    inOrder("acquire", this::acquire);
    inOrder("release", this::release);
    inOrder("churn", this::churn);
    atOnce("held", left -> Answer.of(lock.isAcquiredInThisProcess()));
  }

  private Answer acquire(Arguments arguments) throws Exception {
    long timeoutMs = arguments.number();
    arguments.end();
    if (isForever(timeoutMs)) {
      lock.acquire();
      return Answer.ok();
    }
    return Answer.of(lock.acquire(timeoutMs, TimeUnit.MILLISECONDS));
  }

  private Answer release(Arguments arguments) throws Exception {
    arguments.end();
    lock.release();
    return Answer.ok();
  }

  private Answer churn(Arguments arguments) throws Exception {
    try (History history = new History(client, arguments)) {
      while (history.goesOn()) {
        lock.acquire();
        history.hold("lock", "-", true);
        lock.release();
      }
      return Answer.ok().with(history.turns());
    }
  }
}
