/* SPDX-License-Identifier: Apache-2.0 */
package curatorglib.leader;

import curatorglib.peer.Answer;
import java.util.Collection;
import org.apache.curator.framework.recipes.leader.Participant;

/** What an election's participants look like in an answer: their ids in order, a "*" before the leader's. */
final class Participants {
  private Participants() {}

  static Answer answer(Collection<Participant> participants) {
    Answer answer = Answer.ok();
    participants.forEach(one -> answer.with((one.isLeader() ? "*" : "") + one.getId()));
    return answer;
  }
}
