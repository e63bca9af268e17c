package dev.fanfare.dispatch;

import dev.fanfare.ledger.InvocationFilter;
import dev.fanfare.protocol.Constraint;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.shard.Transition;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** A dispatcher on four shards for each test, and what tests ask of it. */
abstract class DispatcherScene {
  static final TenantId TENANT = TenantId.DEFAULT;
  static final Duration WAKE_UP = Duration.ofMillis(50);

  final DispatchFixture fixture = new DispatchFixture(4);
  final Dispatcher dispatcher = fixture.dispatcher;

  @AfterEach
  void close() {
    fixture.close();
  }

  InvocationId newest() {
    return fixture.get(dispatcher.list(TENANT, InvocationFilter.newest(1))).getFirst().id();
  }

  int free() {
    return dispatcher.workers().stream().mapToInt(WorkerView::free).sum();
  }

  <T extends Transition> List<T> transitions(Class<T> kind) {
    return fixture.shards.sent().stream()
        .flatMap(sent -> sent.batch().transitions().stream())
        .filter(kind::isInstance)
        .map(kind::cast)
        .toList();
  }

  static boolean has(List<Transition> transitions, Class<? extends Transition> kind) {
    return transitions.stream().anyMatch(kind::isInstance);
  }

  static Requirements demanding(String... constraints) {
    return Requirements.NONE.and(List.of(constraints).stream().map(Constraint::parse).toList());
  }
}
