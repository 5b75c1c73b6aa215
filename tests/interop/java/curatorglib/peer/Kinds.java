/* SPDX-License-Identifier: Apache-2.0 */
package curatorglib.peer;

import curatorglib.barrier.BarrierActor;
import curatorglib.barrier.DoubleBarrierActor;
import curatorglib.leader.LatchActor;
import curatorglib.leader.SelectorActor;
import curatorglib.lock.MultiLockActor;
import curatorglib.lock.MutexActor;
import curatorglib.lock.ReadWriteActor;
import curatorglib.lock.SemaphoreActor;
import curatorglib.lock.SemaphoreMutexActor;
import curatorglib.node.GroupActor;
import curatorglib.node.NodeActor;
import curatorglib.node.TtlNodeActor;
import curatorglib.shared.AtomicActor;
import curatorglib.shared.CountActor;
import curatorglib.shared.ValueActor;
import java.util.Map;
import org.apache.curator.framework.CuratorFramework;

/** The kinds of actors there are. */
final class Kinds {
  private interface Maker {
    Actor make(CuratorFramework client, String id, Arguments arguments) throws Exception;
  }

  private static final Map<String, Maker> MAKERS =
      Map.ofEntries(
          Map.entry("mutex", MutexActor::new),
          Map.entry("semaphore-mutex", SemaphoreMutexActor::new),
          Map.entry("multi-lock", MultiLockActor::new),
          Map.entry("read-write", ReadWriteActor::new),
          Map.entry("semaphore", SemaphoreActor::new),
          Map.entry("latch", LatchActor::new),
          Map.entry("selector", SelectorActor::new),
          Map.entry("shared-value", ValueActor::new),
          Map.entry("shared-count", CountActor::new),
          Map.entry("atomic-int", AtomicActor::ofInt),
          Map.entry("atomic-long", AtomicActor::ofLong),
          Map.entry("barrier", BarrierActor::new),
          Map.entry("double-barrier", DoubleBarrierActor::new),
          Map.entry("node", NodeActor::new),
          Map.entry("ttl-node", TtlNodeActor::new),
          Map.entry("group", GroupActor::new));

  private Kinds() {}

  static Actor make(String kind, CuratorFramework client, String id, Arguments arguments) throws Exception {
    Maker maker = MAKERS.get(kind);
    if (maker == null) {
      throw new IllegalArgumentException("unknown kind " + kind);
    }
    Actor actor = maker.make(client, id, arguments);
    arguments.end();
    return actor;
  }
}
