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
import org.apache.curator.retry.ExponentialBackoffRetry;

/** A DistributedAtomicInteger or DistributedAtomicLong. */
public final class AtomicActor<T> extends Actor {
  private static final RetryPolicy RETRY = new ExponentialBackoffRetry(5, 10);

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

  /** Adds one, until the MILLISECONDS are over: how often that succeeded, and how often it did not. */
  private Answer churn(Arguments arguments) throws Exception {
    long end = System.nanoTime() + arguments.number() * 1000000;
    int succeeded = 0;
    int failed = 0;
    arguments.end();
    while (System.nanoTime() < end) {
      if (number.increment().succeeded()) {
        succeeded++;
      } else {
        failed++;
      }
    }
    return Answer.ok().with(succeeded).with(failed);
  }
}
