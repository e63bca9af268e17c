package dev.fanfare.protocol;

/**
 * The id of one invocation: 48 bits of creation time (epoch milliseconds), 16 bits of shard number,
 * 64 bits that tell apart those made together and are not to be guessed; written as a ULID, 26
 * lower-case characters of Crockford's base 32.
 *
 * <p>The shard number inside lets any node find the invocation without a look-up.
 */
public record InvocationId(long high, long low) implements Comparable<InvocationId> {
  private static final char[] DIGITS = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();
  private static final int LENGTH = 26;

  /** Makes an id from its parts; {@code random} should come from an unpredictable source. */
  public static InvocationId of(long epochMillis, int shard, long random) {
    if (shard < 0 || shard > 0xFFFF) {
      throw new IllegalArgumentException("a shard number is 0 to 65535, not " + shard);
    }
    return new InvocationId(epochMillis << 16 | shard, random);
  }

  /**
   * Reads the written form, upper or lower case.
   *
   * @throws IllegalArgumentException if the text is not 26 characters of Crockford's base 32
   */
  public static InvocationId parse(String text) {
    if (text.length() != LENGTH || text.charAt(0) > '7') {
      throw new IllegalArgumentException("not an invocation id: 26 base-32 characters are needed");
    }
    long high = 0;
    long low = 0;
    for (int i = 0; i < LENGTH; i++) {
      high = high << 5 | low >>> 59;
      low = low << 5 | digit(text.charAt(i));
    }
    return new InvocationId(high, low);
  }

  /** The number of the shard that holds the invocation. */
  public int shard() {
    return (int) (high & 0xFFFF);
  }

  /** When the id was made, in epoch milliseconds. */
  public long epochMillis() {
    return high >>> 16;
  }

  @Override
  public int compareTo(InvocationId other) {
    int order = Long.compareUnsigned(high, other.high);
    return order != 0 ? order : Long.compareUnsigned(low, other.low);
  }

  @Override
  public int hashCode() {
    return (int) (low ^ low >>> 32);
  }

  @Override
  public String toString() {
    char[] text = new char[LENGTH];
    long h = high;
    long l = low;
    for (int i = LENGTH - 1; i >= 0; i--) {
      text[i] = DIGITS[(int) (l & 31)];
      l = l >>> 5 | h << 59;
      h >>>= 5;
    }
    return new String(text);
  }

  private static int digit(char c) {
    char lower = c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
    for (int i = 0; i < DIGITS.length; i++) {
      if (DIGITS[i] == lower) {
        return i;
      }
    }
    throw new IllegalArgumentException("not an invocation id: '" + c + "' is no base-32 character");
  }
}
