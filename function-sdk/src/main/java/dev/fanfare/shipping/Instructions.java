package dev.fanfare.shipping;

import java.util.function.IntConsumer;

/** Walks a method's bytecode (JVMS 6) for the constants it refers to. */
final class Instructions {
  private static final int LDC = 18;
  private static final int TABLESWITCH = 170;
  private static final int LOOKUPSWITCH = 171;
  private static final int GETSTATIC = 178;
  private static final int NEW = 187;
  private static final int ANEWARRAY = 189;
  private static final int CHECKCAST = 192;
  private static final int INSTANCEOF = 193;
  private static final int INVOKEDYNAMIC = 186;
  private static final int WIDE = 196;
  private static final int MULTIANEWARRAY = 197;
  private static final int IINC = 132;

  private Instructions() {}

  /** Tells the constant-pool index of every instruction that has one. */
  static void eachConstant(byte[] code, IntConsumer constant) {
    int at = 0;
    while (at < code.length) {
      int opcode = code[at] & 0xFF;
      if (opcode == LDC) {
        constant.accept(code[at + 1] & 0xFF);
      } else if (hasWideConstant(opcode)) {
        constant.accept((code[at + 1] & 0xFF) << 8 | code[at + 2] & 0xFF);
      }
      at += length(code, at, opcode);
    }
  }

  private static boolean hasWideConstant(int opcode) {
    return opcode == 19
        || opcode == 20
        || opcode >= GETSTATIC && opcode <= NEW
        || opcode == ANEWARRAY
        || opcode == CHECKCAST
        || opcode == INSTANCEOF
        || opcode == MULTIANEWARRAY;
  }

  private static int length(byte[] code, int at, int opcode) {
    return switch (opcode) {
      case TABLESWITCH -> {
        int table = (at & ~3) + 4;
        yield table + 12 + 4 * (word(code, table + 8) - word(code, table + 4) + 1) - at;
      }
      case LOOKUPSWITCH -> {
        int table = (at & ~3) + 4;
        yield table + 8 + 8 * word(code, table + 4) - at;
      }
      case WIDE -> (code[at + 1] & 0xFF) == IINC ? 6 : 4;
      case 16, LDC, 188 -> 2;
      case 185, INVOKEDYNAMIC, 200, 201 -> 5;
      case MULTIANEWARRAY -> 4;
      default -> simpleLength(opcode);
    };
  }

  private static int simpleLength(int opcode) {
    boolean local = opcode >= 21 && opcode <= 25 || opcode >= 54 && opcode <= 58 || opcode == 169;
    if (local) {
      return 2;
    }
    boolean jump = opcode >= 153 && opcode <= 168 || opcode == 198 || opcode == 199;
    return opcode == 17 || opcode == IINC || jump || hasWideConstant(opcode) ? 3 : 1;
  }

  private static int word(byte[] code, int at) {
    return (code[at] & 0xFF) << 24
        | (code[at + 1] & 0xFF) << 16
        | (code[at + 2] & 0xFF) << 8
        | code[at + 3] & 0xFF;
  }
}
