package dev.fanfare.sync;

import dev.fanfare.sync.SyncMessage.Ask;
import dev.fanfare.sync.SyncMessage.Block;
import dev.fanfare.sync.SyncMessage.Deed;
import dev.fanfare.sync.SyncMessage.Dropped;
import dev.fanfare.sync.SyncMessage.End;
import dev.fanfare.sync.SyncMessage.Entries;
import dev.fanfare.sync.SyncMessage.Hashed;
import dev.fanfare.sync.SyncMessage.Listed;
import dev.fanfare.sync.SyncMessage.Need;
import dev.fanfare.sync.SyncMessage.Summary;
import dev.fanfare.sync.SyncMessage.Told;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A byte for the kind, then the fields in order: numbers big-endian, text and bytes by length. */
final class SyncCodec {
  private static final int HASH_BYTES = 32;

  private SyncCodec() {}

  static byte[] write(SyncMessage message) {
    var bytes = new ByteArrayOutputStream(message instanceof Block ? SyncMessage.BLOCK_BYTES : 256);
    try (var out = new DataOutputStream(bytes)) {
      write(message, out);
    } catch (IOException e) {
      throw new UncheckedIOException("memory can be written", e);
    }
    return bytes.toByteArray();
  }

  private static void write(SyncMessage message, DataOutputStream out) throws IOException {
    if (message instanceof Block block) {
      out.writeByte('b');
      out.writeInt(block.index());
      out.write(block.bytes());
    } else if (message instanceof End end) {
      out.writeByte('e');
      out.writeInt(end.index());
      out.write(end.hash(), 0, HASH_BYTES);
      out.write(end.bytes());
    } else if (message instanceof Entries entries) {
      out.writeByte('l');
      out.writeInt(entries.entries().size());
      for (SyncEntry entry : entries.entries()) {
        write(entry, out);
      }
    } else if (message instanceof Listed listed) {
      out.writeByte('L');
      out.writeInt(listed.count());
    } else if (message instanceof Hashed hashed) {
      out.writeByte('h');
      out.writeInt(hashed.index());
      out.write(hashed.hash(), 0, HASH_BYTES);
    } else if (message instanceof Dropped dropped) {
      out.writeByte('x');
      out.writeInt(dropped.index());
      text(dropped.why(), out);
    } else if (message instanceof Ask ask) {
      out.writeByte('a');
      numbers(ask.indexes(), out);
    } else if (message instanceof Need need) {
      out.writeByte('n');
      numbers(need.indexes(), out);
    } else if (message instanceof Told told) {
      out.writeByte('t');
      out.writeByte(told.deed().code());
      out.writeInt(told.index());
      text(told.path(), out);
      text(told.words(), out);
    } else if (message instanceof Summary summary) {
      out.writeByte('s');
      for (long count : counts(summary)) {
        out.writeLong(count);
      }
    }
  }

  private static long[] counts(Summary summary) {
    return new long[] {
      summary.sent(),
      summary.unchanged(),
      summary.copied(),
      summary.links(),
      summary.folders(),
      summary.deleted(),
      summary.failed(),
      summary.bytes()
    };
  }

  private static void write(SyncEntry entry, DataOutputStream out) throws IOException {
    out.writeByte(entry.kind().code());
    text(entry.path(), out);
    out.writeShort(entry.mode());
    out.writeLong(entry.mtimeMicros());
    out.writeLong(entry.size());
    text(entry.link(), out);
  }

  private static void text(String text, DataOutputStream out) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static void numbers(int[] numbers, DataOutputStream out) throws IOException {
    out.writeInt(numbers.length);
    for (int number : numbers) {
      out.writeInt(number);
    }
  }

  static SyncMessage read(byte[] item) {
    try (var in = new DataInputStream(new ByteArrayInputStream(item))) {
      SyncMessage message = read(in);
      if (in.available() > 0) {
        throw new IllegalArgumentException("bytes follow a message of a sync");
      }
      return message;
    } catch (IOException e) {
      throw new IllegalArgumentException("a message of a sync ends early", e);
    }
  }

  private static SyncMessage read(DataInputStream in) throws IOException {
    int kind = in.read();
    return switch (kind) {
      case 'b' -> new Block(in.readInt(), in.readAllBytes());
      case 'e' -> new End(in.readInt(), bytes(in, HASH_BYTES), in.readAllBytes());
      case 'l' -> entries(in);
      case 'L' -> new Listed(in.readInt());
      case 'h' -> new Hashed(in.readInt(), bytes(in, HASH_BYTES));
      case 'x' -> new Dropped(in.readInt(), text(in));
      case 'a' -> new Ask(numbers(in));
      case 'n' -> new Need(numbers(in));
      case 't' -> new Told(Deed.of(in.readByte()), in.readInt(), text(in), text(in));
      case 's' ->
          new Summary(
              in.readLong(),
              in.readLong(),
              in.readLong(),
              in.readLong(),
              in.readLong(),
              in.readLong(),
              in.readLong(),
              in.readLong());
      default -> throw new IllegalArgumentException("a sync has no message of kind " + kind);
    };
  }

  private static Entries entries(DataInputStream in) throws IOException {
    int count = in.readInt();
    List<SyncEntry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      entries.add(entry(in));
    }
    return new Entries(entries);
  }

  private static SyncEntry entry(DataInputStream in) throws IOException {
    return new SyncEntry(
        SyncEntry.Kind.of(in.readByte()),
        text(in),
        in.readShort() & 0777,
        in.readLong(),
        in.readLong(),
        text(in));
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(bytes(in, in.readInt()), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(DataInputStream in, int length) throws IOException {
    if (length < 0 || length > in.available()) {
      throw new IOException("it is longer than the message");
    }
    return in.readNBytes(length);
  }

  private static int[] numbers(DataInputStream in) throws IOException {
    int count = in.readInt();
    if (count < 0 || count * 4L > in.available()) {
      throw new IOException("they are more than the message has");
    }
    int[] numbers = new int[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = in.readInt();
    }
    return numbers;
  }
}
