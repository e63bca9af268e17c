package dev.fanfare.dispatch;

import dev.fanfare.shard.Offer;

/** Room of a session that a batch under way offers, and nothing else may offer meanwhile. */
record Reservation(WorkerSession session, Offer offer) {}
