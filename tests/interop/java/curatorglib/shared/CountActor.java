/* SPDX-License-Identifier: Apache-2.0 */
package curatorglib.shared;

import curatorglib.peer.Actor;
import curatorglib.peer.Answer;
import curatorglib.peer.Arguments;
import java.io.IOException;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.shared.SharedCount;
import org.apache.curator.framework.recipes.shared.SharedCountListener;
import org.apache.curator.framework.recipes.shared.SharedCountReader;
import org.apache.curator.framework.recipes.shared.VersionedValue;
import org.apache.curator.framework.state.ConnectionState;

/** A SharedCount. */
public final class CountActor extends Actor {
  private final SharedCount count;
  private VersionedValue<Integer> seen;

  /** From the arguments PATH SEED. */
  public CountActor(CuratorFramework client, String id, Arguments arguments) {
    super(id);
    count = new SharedCount(client, arguments.text(), arguments.integer());
    count.addListener(
        new SharedCountListener() {
          @Override
          public void countHasChanged(SharedCountReader of, int value) {
            event("changed", value);
          }

          @Override
          public void stateChanged(CuratorFramework of, ConnectionState state) {}
        });
    inOrder("start", this::start);
    inOrder("get", this::get);
    inOrder("set", this::set);
    inOrder("try-set", left -> Answer.of(count.trySetCount(seen, left.integer())));
    inOrder("close", this::closeCount);
  }

  private Answer start(Arguments arguments) throws Exception {
    arguments.end();
    count.start();
    seen = count.getVersionedValue();
    return Answer.ok();
  }

  /** What try-set compares with from now on. */
  private Answer get(Arguments arguments) {
    arguments.end();
    seen = count.getVersionedValue();
    return Answer.ok().with(seen.getValue()).with(seen.getVersion());
  }

  private Answer set(Arguments arguments) throws Exception {
    count.setCount(arguments.integer());
    return Answer.ok();
  }

  private Answer closeCount(Arguments arguments) throws IOException {
    arguments.end();
    count.close();
    return Answer.ok();
  }
}
