package dev.fanfare.frame;

import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.Sha256;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The revisions and function names seen lately, so that a lease costs no check of their form. A
 * fixed number of places; races between threads only lose an entry.
 */
final class Known {
  private static final int PLACES = 512;
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private record Revision(byte[] bytes, RevisionId id) {}

  private static final @Nullable Revision[] REVISIONS = new @Nullable Revision[PLACES];
  private static final @Nullable FunctionName[] FUNCTIONS = new @Nullable FunctionName[PLACES];

  private Known() {}

  static RevisionId revision(byte[] hash) {
    int place = (int) INT.get(hash, 0) & PLACES - 1;
    Revision known = REVISIONS[place];
    if (known != null && Arrays.equals(known.bytes, hash)) {
      return known.id;
    }
    RevisionId id = new RevisionId(new Sha256(HexFormat.of().formatHex(hash)));
    REVISIONS[place] = new Revision(hash, id);
    return id;
  }

  /** The bytes of a revision's hash; shared, not to be changed. */
  static byte[] bytes(RevisionId revision) {
    String hex = revision.hash().hex();
    int place = HexFormat.fromHexDigits(hex, 0, 8) & PLACES - 1;
    Revision known = REVISIONS[place];
    if (known != null && known.id.equals(revision)) {
      return known.bytes;
    }
    byte[] bytes = HexFormat.of().parseHex(hex);
    REVISIONS[place] = new Revision(bytes, revision);
    return bytes;
  }

  static FunctionName function(String name) {
    int hash = name.hashCode();
    int place = (hash ^ hash >>> 16) & PLACES - 1;
    FunctionName known = FUNCTIONS[place];
    if (known != null && known.value().equals(name)) {
      return known;
    }
    FunctionName function = new FunctionName(name);
    FUNCTIONS[place] = function;
    return function;
  }
}
