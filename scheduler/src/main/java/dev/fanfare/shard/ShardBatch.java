package dev.fanfare.shard;

import java.util.List;

/**
 * What one operation does to a shard: the transitions in their order, then the matching of what is
 * ready with the offers.
 */
public record ShardBatch(List<Transition> transitions, List<Offer> offers) {
  public ShardBatch {
    transitions = List.copyOf(transitions);
    offers = List.copyOf(offers);
  }
}
