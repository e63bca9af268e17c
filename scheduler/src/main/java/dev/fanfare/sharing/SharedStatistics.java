package dev.fanfare.sharing;

import dev.fanfare.ledger.FunctionStatistics;
import dev.fanfare.ledger.FunctionStatistics.Call;
import dev.fanfare.ledger.InvocationHistory;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.sharing.Neighbours.Topic;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Functions' figures over the newest calls at all nodes; a call that two nodes keep counts once.
 * Blocks.
 */
public final class SharedStatistics {
  private final InvocationHistory own;
  private final Neighbours neighbours;

  /**
   * A function's figures.
   *
   * @param silent nodes that did not tell theirs
   */
  public record Found(FunctionStatistics statistics, List<NodeId> silent) {}

  private SharedStatistics(InvocationHistory own, Neighbours neighbours) {
    this.own = own;
    this.neighbours = neighbours;
  }

  /** Begins to answer other nodes. */
  public static SharedStatistics start(InvocationHistory own, Neighbours neighbours) {
    var shared = new SharedStatistics(own, neighbours);
    neighbours.answer(Topic.STATISTICS, (from, question) -> shared.answer(question));
    return shared;
  }

  /** The function's figures. */
  public Found read(TenantId tenant, FunctionName function) {
    byte[] question =
        Words.write(
            out -> {
              out.tenant(tenant);
              out.function(function);
            });
    Round round = Round.ask(neighbours, Topic.STATISTICS, question);
    SortedMap<InvocationId, Call> all = new TreeMap<>();
    own.calls(tenant, function).forEach(call -> all.put(call.id(), call));
    for (byte[] answer : round.answers()) {
      Words.read(
              answer,
              in ->
                  in.list(
                      () ->
                          new Call(
                              in.id(),
                              in.bool(),
                              in.number(),
                              in.number(),
                              in.optional(in::workerId))))
          .forEach(call -> all.put(call.id(), call));
    }
    List<Call> newest =
        all.values().stream()
            .skip(Math.max(0, all.size() - FunctionStatistics.MOST_CALLS))
            .toList();
    return new Found(FunctionStatistics.of(newest), round.silent());
  }

  private byte[] answer(byte[] question) {
    List<Call> calls = Words.read(question, in -> own.calls(in.tenant(), in.function()));
    return Words.write(
        out ->
            out.list(
                calls,
                call -> {
                  out.id(call.id());
                  out.bool(call.failed());
                  out.number(call.queued());
                  out.number(call.ran());
                  out.optional(call.worker(), out::workerId);
                }));
  }
}
