package dev.fanfare.client;

import java.util.Iterator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A burst's items, taken one by one when there is room for them, and written.
 *
 * @param source read by one thread of the burst's own
 * @param writing makes bytes of an item; throws what is that item's failure
 * @param total how many there are, −1 where nobody knows
 * @param contentType of the bytes
 * @param prefix what goes before each item on the worker, null for nothing
 */
record Items<T extends @Nullable Object>(
    Iterator<? extends T> source,
    Function<T, byte[]> writing,
    long total,
    String contentType,
    byte @Nullable [] prefix) {}
