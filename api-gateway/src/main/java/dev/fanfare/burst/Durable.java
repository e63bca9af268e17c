package dev.fanfare.burst;

import dev.fanfare.journal.BurstHead;
import dev.fanfare.journal.BurstHeads;
import java.util.BitSet;

/**
 * What a burst begins with that is written down.
 *
 * @param heads where its head is kept
 * @param head as it was written last
 * @param endedBefore the items whose results were kept before it came here
 */
record Durable(BurstHeads heads, BurstHead head, BitSet endedBefore) {}
