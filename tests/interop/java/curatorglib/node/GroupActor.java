/* SPDX-License-Identifier: Apache-2.0 */
package curatorglib.node;

import curatorglib.peer.Actor;
import curatorglib.peer.Answer;
import curatorglib.peer.Arguments;
import java.util.Map;
import java.util.TreeMap;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.nodes.GroupMember;

/** A GroupMember. */
public final class GroupActor extends Actor {
  private final GroupMember member;

  /** From the arguments PATH ID DATA. */
  public GroupActor(CuratorFramework client, String id, Arguments arguments) {
    super(id);
    member = new GroupMember(client, arguments.text(), arguments.text(), arguments.data());
    inOrder("start", this::start);
    inOrder("set", this::set);
    inOrder("members", this::describe);
    inOrder("close", this::closeMember);
  }

  private Answer start(Arguments arguments) {
    arguments.end();
    member.start();
    return Answer.ok();
  }

  private Answer set(Arguments arguments) {
    member.setThisData(arguments.data());
    return Answer.ok();
  }

  /** The ids in their order, each followed by its data. */
  private Answer describe(Arguments arguments) {
    arguments.end();
    Answer answer = Answer.ok();
    for (Map.Entry<String, byte[]> one : new TreeMap<>(member.getCurrentMembers()).entrySet()) {
      answer.with(one.getKey()).withData(one.getValue());
    }
    return answer;
  }

  private Answer closeMember(Arguments arguments) {
    arguments.end();
    member.close();
    return Answer.ok();
  }
}
