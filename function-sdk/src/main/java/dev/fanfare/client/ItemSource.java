package dev.fanfare.client;

import java.util.Collection;
import java.util.Iterator;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Function;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;

/**
 * Where items come from.
 *
 * @param total how many there are, −1 where nobody knows
 */
record ItemSource<T extends @Nullable Object>(Iterator<? extends T> iterator, long total) {

  static <T extends @Nullable Object> ItemSource<T> of(Iterable<? extends T> items) {
    long total = items instanceof Collection<?> collection ? collection.size() : -1;
    return new ItemSource<>(items.iterator(), total);
  }

  /** Of a stream, read one by one. */
  static <T extends @Nullable Object> ItemSource<T> of(BaseStream<? extends T, ?> items) {
    Spliterator<? extends T> spliterator = items.sequential().spliterator();
    return new ItemSource<>(Spliterators.iterator(spliterator), spliterator.getExactSizeIfKnown());
  }

  /** With how items are written. */
  Items<T> writing(Function<T, byte[]> writing, String contentType, byte @Nullable [] prefix) {
    return new Items<>(iterator, writing, total, contentType, prefix);
  }
}
