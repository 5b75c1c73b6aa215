/* SPDX-License-Identifier: Apache-2.0 */
package curatorglib.shared;

import curatorglib.peer.Actor;
import curatorglib.peer.Answer;
import curatorglib.peer.Arguments;
import java.io.IOException;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.shared.SharedValue;
import org.apache.curator.framework.recipes.shared.SharedValueListener;
import org.apache.curator.framework.recipes.shared.SharedValueReader;
import org.apache.curator.framework.recipes.shared.VersionedValue;
import org.apache.curator.framework.state.ConnectionState;

/** A SharedValue. */
public final class ValueActor extends Actor {
  private final SharedValue value;
  private VersionedValue<byte[]> seen;

  /** From the arguments PATH SEED. */
  public ValueActor(CuratorFramework client, String id, Arguments arguments) {
    super(id);
    value = new SharedValue(client, arguments.text(), arguments.data());
    value
        .getListenable()
        .addListener(
            new SharedValueListener() {
              @Override
              public void valueHasChanged(SharedValueReader of, byte[] data) {
                eventData("changed", data);
              }

              @Override
              public void stateChanged(CuratorFramework of, ConnectionState state) {}
            });
    inOrder("start", this::start);
    inOrder("get", this::get);
    inOrder("set", this::set);
    inOrder("try-set", left -> Answer.of(value.trySetValue(seen, left.data())));
    inOrder("close", this::closeValue);
  }

  private Answer start(Arguments arguments) throws Exception {
    arguments.end();
    value.start();
    seen = value.getVersionedValue();
    return Answer.ok();
  }

  /** What try-set compares with from now on. */
  private Answer get(Arguments arguments) {
    arguments.end();
    seen = value.getVersionedValue();
    return Answer.ok().withData(seen.getValue()).with(seen.getVersion());
  }

  private Answer set(Arguments arguments) throws Exception {
    value.setValue(arguments.data());
    return Answer.ok();
  }

  private Answer closeValue(Arguments arguments) throws IOException {
    arguments.end();
    value.close();
    return Answer.ok();
  }
}
