/* SPDX-License-Identifier: Apache-2.0 */
package curatorglib.lock;

import curatorglib.peer.Actor;
import curatorglib.peer.Answer;
import curatorglib.peer.Arguments;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.locks.InterProcessSemaphoreV2;
import org.apache.curator.framework.recipes.locks.Lease;
import org.apache.curator.framework.recipes.shared.SharedCount;
import org.apache.curator.utils.ZKPaths;

/** An InterProcessSemaphoreV2, its limit a number or, as "count:PATH", a shared count. */
public final class SemaphoreActor extends Actor {
  private static final String COUNT = "count:";

  private final CuratorFramework client;
  private final String path;
  private final Deque<Lease> leases = new ArrayDeque<>();
  private final SharedCount count;
  private final InterProcessSemaphoreV2 semaphore;

  /** From the arguments PATH LIMIT. */
  public SemaphoreActor(CuratorFramework client, String id, Arguments arguments) throws Exception {
    super(id);
    this.client = client;
    path = arguments.text();
    String limit = arguments.text();
    if (limit.startsWith(COUNT)) {
      count = new SharedCount(client, limit.substring(COUNT.length()), 0);
      count.start(); // before, as the semaphore takes no notice of what it starts with
      semaphore = new InterProcessSemaphoreV2(client, path, count);
    } else {
      count = null;
      semaphore = new InterProcessSemaphoreV2(client, path, Integer.parseInt(limit));
    }
    inOrder("acquire", this::acquire);
    inOrder("release", this::release);
    inOrder("churn", this::churn);
    atOnce("participants", left -> Answer.ok().withAll(semaphore.getParticipantNodes()));
  }

  private Answer acquire(Arguments arguments) throws Exception {
    int n = arguments.integer();
    long timeoutMs = arguments.number();
    arguments.end();
    Collection<Lease> got =
        isForever(timeoutMs) ? semaphore.acquire(n) : semaphore.acquire(n, timeoutMs, TimeUnit.MILLISECONDS);
    if (got == null) {
      return Answer.no();
    }
    leases.addAll(got);
    Answer answer = Answer.ok();
    got.forEach(lease -> answer.with(lease.getNodeName()));
    return answer;
  }

  /** Gives leases back, those first that were got first. */
  private Answer release(Arguments arguments) throws IOException {
    int n = arguments.integer();
    arguments.end();
    if (n > leases.size()) {
      throw new IllegalArgumentException("holds " + leases.size() + " leases");
    }
    for (int i = 0; i < n; i++) {
      leases.removeFirst().close();
    }
    return Answer.ok();
  }

  private Answer churn(Arguments arguments) throws Exception {
    try (History history = new History(client, arguments)) {
      while (history.goesOn()) {
        try (Lease lease = semaphore.acquire()) {
          history.hold("lease", ZKPaths.makePath(path, "leases", lease.getNodeName()), false);
        }
      }
      return Answer.ok().with(history.turns());
    }
  }

  @Override
  protected void close() {
    try {
      if (count != null) {
        count.close();
      }
    } catch (IOException ended) {
      event("error", ended.getMessage());
    }
  }
}
