/* SPDX-License-Identifier: Apache-2.0 */
package curatorglib.barrier;

import curatorglib.peer.Actor;
import curatorglib.peer.Answer;
import curatorglib.peer.Arguments;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.barriers.DistributedBarrier;

/** A DistributedBarrier. */
public final class BarrierActor extends Actor {
  private final DistributedBarrier barrier;

  /** From the argument PATH. */
  public BarrierActor(CuratorFramework client, String id, Arguments arguments) {
    super(id);
    barrier = new DistributedBarrier(client, arguments.text());
    inOrder("set", this::set);
    inOrder("remove", this::remove);
    atOnce("wait", this::await);
  }

  private Answer set(Arguments arguments) throws Exception {
    arguments.end();
    barrier.setBarrier();
    return Answer.ok();
  }

  private Answer remove(Arguments arguments) throws Exception {
    arguments.end();
    barrier.removeBarrier();
    return Answer.ok();
  }

  private Answer await(Arguments arguments) throws Exception {
    long timeoutMs = arguments.number();
    arguments.end();
    if (isForever(timeoutMs)) {
      barrier.waitOnBarrier();
      return Answer.ok();
    }
    return Answer.of(barrier.waitOnBarrier(timeoutMs, TimeUnit.MILLISECONDS));
  }
}
