/* SPDX-License-Identifier: Apache-2.0 */
package curatorglib.leader;

import curatorglib.lock.History;
import curatorglib.peer.Actor;
import curatorglib.peer.Answer;
import curatorglib.peer.Arguments;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.leader.LeaderLatchListener;

/** A LeaderLatch. */
public final class LatchActor extends Actor {
  private static final long TURN_TIMEOUT_MS = 100;

  private final CuratorFramework client;
  private final String path;
  private final LeaderLatch latch;

  /** From the arguments PATH ID [SILENT|NOTIFY_LEADER], the latter what the end of the latch tells itself. */
  public LatchActor(CuratorFramework client, String id, Arguments arguments) {
    super(id);
    this.client = client;
    path = arguments.text();
    latch =
        new LeaderLatch(client, path, arguments.text(), parseMode(arguments.text("silent")));
    latch.addListener(
        new LeaderLatchListener() {
          @Override
          public void isLeader() {
            event("gained", System.nanoTime());
          }

          @Override
          public void notLeader() {
            event("lost", System.nanoTime());
          }
        });
    inOrder("start", this::start);
    inOrder("close", this::closeLatch);
    inOrder("churn", this::churn);
    atOnce("await", this::await);
    atOnce("leading", left -> Answer.of(latch.hasLeadership()));
    atOnce("node", left -> Answer.ok().with(latch.getOurPath()));
    atOnce("leader", left -> Answer.ok().with(latch.getLeader().getId()));
    atOnce("participants", left -> Participants.answer(latch.getParticipants()));
  }

  private static LeaderLatch.CloseMode parseMode(String mode) {
    return LeaderLatch.CloseMode.valueOf(mode.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  private Answer start(Arguments arguments) throws Exception {
    arguments.end();
    latch.start();
    return Answer.ok();
  }

  private Answer closeLatch(Arguments arguments) throws IOException {
    if (arguments.hasMore()) {
      latch.close(parseMode(arguments.text()));
    } else {
      latch.close();
    }
    return Answer.ok();
  }

  private Answer await(Arguments arguments) throws Exception {
    long timeoutMs = arguments.number();
    arguments.end();
    if (isForever(timeoutMs)) {
      latch.await();
      return Answer.ok();
    }
    return Answer.of(latch.await(timeoutMs, TimeUnit.MILLISECONDS));
  }

  /** Starts a latch, leads where it comes to that, closes it, and starts the next one. */
  private Answer churn(Arguments arguments) throws Exception {
    try (History history = new History(client, arguments)) {
      while (history.goesOn()) {
        try (LeaderLatch turn = new LeaderLatch(client, path, latch.getId())) {
          turn.start();
          while (history.goesOn() && !turn.hasLeadership()) {
            turn.await(TURN_TIMEOUT_MS, TimeUnit.MILLISECONDS);
          }
          if (turn.hasLeadership()) {
            history.hold("leader", turn.getOurPath(), true);
          }
        }
      }
      return Answer.ok().with(history.turns());
    }
  }

  @Override
  protected void close() {
    try {
      if (latch.getState() == LeaderLatch.State.STARTED) {
        latch.close();
      }
    } catch (IOException ended) {
      event("error", ended.getMessage());
    }
  }
}
