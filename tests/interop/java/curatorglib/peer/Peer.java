/* SPDX-License-Identifier: Apache-2.0 */
package curatorglib.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Curator's recipes for the tests: takes commands on standard input, answers on standard output, and ends with
 * its input. tests/interop/README.md has the commands.
 */
public final class Peer {
  private static final long END_TIMEOUT_MS = 3000;
  private static final int SESSION_TIMEOUT_MS = 10000;

  private final Map<String, Actor> actors = new HashMap<>();
  private Session session;

  private Peer() {}

  public static void main(String[] arguments) throws IOException {
    Peer peer = new Peer();
    BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      peer.take(line);
    }
    peer.end();
  }

  private void take(String line) {
    Arguments arguments;
    String tag;
    try {
      arguments = new Arguments(line);
      tag = Words.encode(arguments.text());
    } catch (IllegalArgumentException error) {
      Output.line("% " + Answer.error(error));
      return;
    }
    try {
      String id = arguments.text();
      String verb = arguments.text();
      if (id.equals("peer")) {
        Actor.answer(tag, left -> run(verb, left), arguments);
      } else {
        find(id).run(tag, verb, arguments);
      }
    } catch (RuntimeException error) {
      Output.line(tag + " " + Answer.error(error));
    }
  }

  private Actor find(String id) {
    Actor actor = actors.get(id);
    if (actor == null) {
      throw new IllegalArgumentException("nothing is named " + id);
    }
    return actor;
  }

  private Answer run(String verb, Arguments arguments) throws Exception {
    switch (verb) {
      case "connect":
        return connect(arguments);
      case "disconnect":
        arguments.end();
        disconnect();
        return Answer.ok();
      case "session":
        arguments.end();
        return connected().describe();
      case "new":
        return make(arguments);
      case "end":
        String id = arguments.text();
        find(id).end();
        actors.remove(id);
        return Answer.ok();
      default:
        throw new IllegalArgumentException("unknown verb " + verb);
    }
  }

  private Session connected() {
    if (session == null) {
      throw new IllegalStateException("not connected");
    }
    return session;
  }

  /** A session of its own, in place of an earlier one. */
  private Answer connect(Arguments arguments) throws Exception {
    String connectString = arguments.text();
    int timeoutMs = Integer.parseInt(arguments.text(String.valueOf(SESSION_TIMEOUT_MS)));
    arguments.end();
    disconnect();
    session = new Session(connectString, timeoutMs);
    return session.describe();
  }

  private void disconnect() {
    actors.values().forEach(Actor::end);
    actors.clear();
    if (session != null) {
      session.close();
    }
    session = null;
  }

  private Answer make(Arguments arguments) throws Exception {
    String id = arguments.text();
    String kind = arguments.text();
    if (id.equals("peer") || actors.containsKey(id)) {
      throw new IllegalArgumentException(id + " is taken");
    }
    actors.put(id, Kinds.make(kind, connected().client(), id, arguments));
    return Answer.ok();
  }

  /** Nothing that hangs keeps the process. */
  private void end() {
    Thread last = new Thread(this::disconnect);
    last.setDaemon(true);
    last.start();
    try {
      last.join(END_TIMEOUT_MS);
    } catch (InterruptedException enough) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(0);
  }
}
