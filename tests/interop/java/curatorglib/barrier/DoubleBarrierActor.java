/* SPDX-License-Identifier: Apache-2.0 */
package curatorglib.barrier;

import curatorglib.peer.Actor;
import curatorglib.peer.Answer;
import curatorglib.peer.Arguments;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.barriers.DistributedDoubleBarrier;

/** A DistributedDoubleBarrier. */
public final class DoubleBarrierActor extends Actor {
  private final DistributedDoubleBarrier barrier;

  /** From the arguments PATH MEMBERS. */
  public DoubleBarrierActor(CuratorFramework client, String id, Arguments arguments) {
    super(id);
    barrier = new DistributedDoubleBarrier(client, arguments.text(), arguments.integer());
    inOrder("enter", this::enter);
    inOrder("leave", this::leave);
  }

  private Answer enter(Arguments arguments) throws Exception {
    long timeoutMs = arguments.number();
    arguments.end();
    if (isForever(timeoutMs)) {
      barrier.enter();
      return Answer.ok();
    }
    return Answer.of(barrier.enter(timeoutMs, TimeUnit.MILLISECONDS));
  }

  private Answer leave(Arguments arguments) throws Exception {
    long timeoutMs = arguments.number();
    arguments.end();
    if (isForever(timeoutMs)) {
      barrier.leave();
      return Answer.ok();
    }
    return Answer.of(barrier.leave(timeoutMs, TimeUnit.MILLISECONDS));
  }
}
