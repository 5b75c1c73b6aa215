/* SPDX-License-Identifier: Apache-2.0 */
package curatorglib.peer;

import java.util.HashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * One recipe object under a name. It has a thread of its own, on which its commands run one after the other, as
 * the recipes that belong to a thread need; but those that wait for what another command may bring run at once.
 */
public abstract class Actor {
  /** What a verb does. */
  protected interface Verb {
    Answer run(Arguments arguments) throws Exception;
  }

  private static final ExecutorService POOL = Executors.newCachedThreadPool(Actor::newThread);

  private final ExecutorService thread = Executors.newSingleThreadExecutor(Actor::newThread);
  private final Map<String, Verb> inOrder = new HashMap<>();
  private final Map<String, Verb> atOnce = new HashMap<>();
  private final String id;
  private volatile Thread running;
  private volatile boolean ended;

  protected Actor(String id) {
    this.id = id;
    atOnce("interrupt", arguments -> interrupt());
  }

  private static Thread newThread(Runnable runnable) {
    Thread made = new Thread(runnable);
    made.setDaemon(true);
    return made;
  }

  protected final void inOrder(String verb, Verb does) {
    inOrder.put(verb, does);
  }

  protected final void atOnce(String verb, Verb does) {
    atOnce.put(verb, does);
  }

  protected final void event(Object... words) {
    StringJoiner line = new StringJoiner(" ");
    line.add("event").add(id);
    for (Object word : words) {
      line.add(Words.encode(String.valueOf(word)));
    }
    tell(line.toString());
  }

  protected final void eventData(String name, byte[] data) {
    tell("event " + id + " " + name + " " + Words.encode(data));
  }

  /** Nothing more after the end: the name may be somebody else's by then. */
  private void tell(String line) {
    if (!ended) {
      Output.line(line);
    }
  }

  /** Runs a command; the answer comes when it is done. */
  final void run(String tag, String verb, Arguments arguments) {
    if (atOnce.containsKey(verb)) {
      POOL.execute(() -> answer(tag, atOnce.get(verb), arguments));
    } else if (inOrder.containsKey(verb)) {
      thread.execute(
          () -> {
            running = Thread.currentThread();
            answer(tag, inOrder.get(verb), arguments);
            running = null;
          });
    } else {
      throw new IllegalArgumentException("unknown verb " + verb);
    }
  }

  static void answer(String tag, Verb verb, Arguments arguments) {
    Answer answer;
    try {
      answer = verb.run(arguments);
    } catch (Throwable error) {
      answer = Answer.error(error);
    }
    Output.line(tag + " " + answer);
  }

  private Answer interrupt() {
    Thread target = running;
    if (target != null) {
      target.interrupt();
    }
    return Answer.of(target != null);
  }

  /** Gives up what it does; the session that it works in is closed next. */
  void end() {
    ended = true;
    thread.shutdownNow();
    try {
      close();
    } catch (RuntimeException closedAlready) {
      // by a command
    }
  }

  /** Lets go of threads that the recipe has by itself. */
  protected void close() {}

  /** A time-out as it stands in commands: negative for none. */
  protected static boolean isForever(long timeoutMs) {
    return timeoutMs < 0;
  }
}
