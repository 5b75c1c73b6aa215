/* SPDX-License-Identifier: Apache-2.0 */
package curatorglib.lock;

import curatorglib.peer.Actor;
import curatorglib.peer.Answer;
import curatorglib.peer.Arguments;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.framework.recipes.locks.Revoker;

/** An InterProcessMutex. */
public final class MutexActor extends Actor {
  /** Tells its node. */
  private static final class Mutex extends InterProcessMutex {
    Mutex(CuratorFramework client, String path) {
      super(client, path);
    }

    String node() {
      return getLockPath();
    }
  }

  private final CuratorFramework client;
  private final Mutex mutex;

  /** From the argument PATH. */
  public MutexActor(CuratorFramework client, String id, Arguments arguments) {
    super(id);
    this.client = client;
    mutex = new Mutex(client, arguments.text());
    inOrder("acquire", this::acquire);
    inOrder("release", this::release);
    inOrder("revocable", this::makeRevocable);
    inOrder("churn", this::churn);
    atOnce("participants", left -> Answer.ok().withAll(mutex.getParticipantNodes()));
    atOnce("held", left -> Answer.of(mutex.isAcquiredInThisProcess()));
    atOnce("revoke", this::revoke);
  }

  private Answer acquire(Arguments arguments) throws Exception {
    long timeoutMs = arguments.number();
    arguments.end();
    if (isForever(timeoutMs)) {
      mutex.acquire();
    } else if (!mutex.acquire(timeoutMs, TimeUnit.MILLISECONDS)) {
      return Answer.no();
    }
    return Answer.ok().with(mutex.node());
  }

  private Answer release(Arguments arguments) throws Exception {
    arguments.end();
    mutex.release();
    return Answer.ok();
  }

  private Answer makeRevocable(Arguments arguments) {
    arguments.end();
    mutex.makeRevocable(of -> event("revoked"));
    return Answer.ok();
  }

  private Answer revoke(Arguments arguments) throws Exception {
    Revoker.attemptRevoke(client, arguments.text());
    return Answer.ok();
  }

  private Answer churn(Arguments arguments) throws Exception {
    try (History history = new History(client, arguments)) {
      while (history.goesOn()) {
        mutex.acquire();
        history.hold("lock", mutex.node(), true);
        mutex.release();
      }
      return Answer.ok().with(history.turns());
    }
  }
}
