/* SPDX-License-Identifier: Apache-2.0 */
package curatorglib.leader;

import curatorglib.lock.History;
import curatorglib.peer.Actor;
import curatorglib.peer.Answer;
import curatorglib.peer.Arguments;
import java.util.concurrent.Semaphore;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.leader.LeaderSelector;
import org.apache.curator.framework.recipes.leader.LeaderSelectorListenerAdapter;

/** A LeaderSelector that leads until it is told to relinquish, or for one turn of the churn. */
public final class SelectorActor extends Actor {
  private final Semaphore relinquished = new Semaphore(0);
  private final LeaderSelector selector;
  private final CuratorFramework client;
  private volatile History history;
  private volatile boolean started;

  /** From the arguments PATH ID [auto], the latter to queue again after each leadership. */
  public SelectorActor(CuratorFramework client, String id, Arguments arguments) {
    super(id);
    this.client = client;
    selector =
        new LeaderSelector(
            client,
            arguments.text(),
            new LeaderSelectorListenerAdapter() {
              @Override
              public void takeLeadership(CuratorFramework of) throws Exception {
                lead();
              }
            });
    selector.setId(arguments.text());
    if (arguments.hasMore()) {
      if (!arguments.text().equals("auto")) {
        throw new IllegalArgumentException("only auto may follow the id");
      }
      selector.autoRequeue();
    }
    inOrder("start", this::start);
    inOrder("requeue", left -> Answer.of(selector.requeue()));
    inOrder("churn", this::churn);
    inOrder("close", this::closeSelector);
    atOnce("relinquish", this::relinquish);
    atOnce("interrupt-leadership", this::interruptLeadership);
    atOnce("leading", left -> Answer.of(selector.hasLeadership()));
    atOnce("leader", left -> Answer.ok().with(selector.getLeader().getId()));
    atOnce("participants", left -> Participants.answer(selector.getParticipants()));
  }

  private void lead() throws Exception {
    History written = history;
    if (written != null) {
      written.hold("leader", "-", true);
      return;
    }
    event("gained", System.nanoTime());
    try {
      relinquished.acquire();
    } finally {
      event("lost", System.nanoTime());
    }
  }

  private void startOnce() {
    if (!started) {
      selector.start();
    }
    started = true;
  }

  private Answer start(Arguments arguments) {
    arguments.end();
    startOnce();
    return Answer.ok();
  }

  private Answer relinquish(Arguments arguments) {
    arguments.end();
    relinquished.release();
    return Answer.ok();
  }

  private Answer interruptLeadership(Arguments arguments) {
    arguments.end();
    selector.interruptLeadership();
    return Answer.ok();
  }

  /** Leads again and again, one turn of the history each, until the time is over; then the selector is closed. */
  private Answer churn(Arguments arguments) throws Exception {
    try (History written = new History(client, arguments)) {
      history = written;
      selector.autoRequeue();
      startOnce();
      while (written.goesOn()) {
        Thread.sleep(1);
      }
      selector.close();
      started = false;
      return Answer.ok().with(written.turns());
    }
  }

  private Answer closeSelector(Arguments arguments) {
    arguments.end();
    selector.close();
    started = false;
    return Answer.ok();
  }

  @Override
  protected void close() {
    if (started) {
      selector.close();
    }
  }
}
