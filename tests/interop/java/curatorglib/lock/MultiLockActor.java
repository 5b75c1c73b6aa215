/* SPDX-License-Identifier: Apache-2.0 */
package curatorglib.lock;

import curatorglib.peer.Arguments;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.locks.InterProcessMultiLock;

/** An InterProcessMultiLock of mutexes. */
public final class MultiLockActor extends LockActor {
  /** From the arguments PATH... */
  public MultiLockActor(CuratorFramework client, String id, Arguments arguments) {
    super(client, id, new InterProcessMultiLock(client, arguments.rest()));
  }
}
