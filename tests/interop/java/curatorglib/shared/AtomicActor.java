/* SPDX-License-Identifier: Apache-2.0 */
package curatorglib.shared;

import curatorglib.peer.Actor;
import curatorglib.peer.Answer;
import curatorglib.peer.Arguments;
import java.util.function.Function;
import org.apache.curator.RetryPolicy;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.atomic.AtomicValue;
import org.apache.curator.framework.recipes.atomic.DistributedAtomicInteger;
import org.apache.curator.framework.recipes.atomic.DistributedAtomicLong;
import org.apache.curator.framework.recipes.atomic.DistributedAtomicNumber;
import org.apache.curator.framework.recipes.atomic.PromotedToLock;
import org.apache.curator.retry.RetryNTimes;

/** A DistributedAtomicInteger or DistributedAtomicLong. */
public final class AtomicActor<T> extends Actor {
  /** Pauses that grew would leave the number to whoever came first. */
  private static final RetryPolicy RETRY = new RetryNTimes(30, 2);

  private final DistributedAtomicNumber<T> number;
  private final Function<String, T> parse;

  private AtomicActor(String id, DistributedAtomicNumber<T> number, Function<String, T> parse) {
    super(id);
    this.number = number;
    this.parse = parse;
    inOrder("get", left -> answer(number.get()));
    inOrder("set", left -> answer(number.trySet(value(left))));
    inOrder("force-set", this::forceSet);
    inOrder("initialize", left -> Answer.of(number.initialize(value(left))));
    inOrder("compare-and-set", left -> answer(number.compareAndSet(value(left), value(left))));
    inOrder("add", left -> answer(number.add(value(left))));
    inOrder("subtract", left -> answer(number.subtract(value(left))));
    inOrder("increment", left -> answer(number.increment()));
    inOrder("decrement", left -> answer(number.decrement()));
    inOrder("churn", this::churn);
  }

  /** From the arguments PATH [LOCK-PATH], the latter to promote to a mutex. */
  public static Actor ofInt(CuratorFramework client, String id, Arguments arguments) {
    return new AtomicActor<>(
        id,
        new DistributedAtomicInteger(client, arguments.text(), RETRY, promotion(arguments)),
        Integer::valueOf);
  }

  /** From the arguments PATH [LOCK-PATH], the latter to promote to a mutex. */
  public static Actor ofLong(CuratorFramework client, String id, Arguments arguments) {
    return new AtomicActor<>(
        id, new DistributedAtomicLong(client, arguments.text(), RETRY, promotion(arguments)), Long::valueOf);
  }

  private static PromotedToLock promotion(Arguments arguments) {
    if (!arguments.hasMore()) {
      return null;
    }
    return PromotedToLock.builder().lockPath(arguments.text()).retryPolicy(RETRY).build();
  }

  private T value(Arguments arguments) {
    return parse.apply(arguments.text());
  }

  private Answer answer(AtomicValue<T> result) {
    return Answer.of(result.succeeded()).with(result.preValue()).with(result.postValue());
  }

  private Answer forceSet(Arguments arguments) throws Exception {
    number.forceSet(value(arguments));
    return Answer.ok();
  }

  /** Adds one, over and over: how often that succeeded, and how often it did not. */
  private Answer churn(Arguments arguments) throws Exception {
    int failed = 0;
    try (Tally tally = new Tally(arguments)) {
      while (tally.goesOn()) {
        AtomicValue<T> result = number.increment();
        if (result.succeeded()) {
          tally.add(result.postValue());
        } else {
          failed++;
        }
      }
      return Answer.ok().with(tally.lines()).with(failed);
    }
  }
}
