/* SPDX-License-Identifier: Apache-2.0 */
package curatorglib.lock;

import curatorglib.peer.Arguments;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.locks.InterProcessSemaphoreMutex;

/** An InterProcessSemaphoreMutex. */
public final class SemaphoreMutexActor extends LockActor {
  /** From the argument PATH. */
  public SemaphoreMutexActor(CuratorFramework client, String id, Arguments arguments) {
    super(client, id, new InterProcessSemaphoreMutex(client, arguments.text()));
  }
}
