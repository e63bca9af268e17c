package dev.fanfare.shipping;

import dev.fanfare.function.Reject;
import java.io.PrintWriter;
import java.io.StringWriter;

/** What is told of something that a lambda threw, even if it throws when asked about itself. */
final class ThrownText {
  private static final int MESSAGE_LIMIT = 4_096;
  private static final int STACK_LIMIT = 16_384;

  private ThrownText() {}

  static Chunk.Thrown of(Throwable thrown) {
    String type = thrown.getClass().getName();
    int status = thrown instanceof Reject reject ? reject.status() : 0;
    try {
      String message = thrown.getMessage() == null ? type : thrown.getMessage();
      String stack = status == 0 ? cut(stack(thrown), STACK_LIMIT) : "";
      return new Chunk.Thrown(status, type, cut(message, MESSAGE_LIMIT), stack);
    } catch (RuntimeException | StackOverflowError e) {
      return new Chunk.Thrown(status, type, "(its message cannot be told)", "");
    }
  }

  /** Down to the lambda; what is below it is the platform's. */
  private static String stack(Throwable thrown) {
    var text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    var own = new StringBuilder();
    for (String line : (Iterable<String>) text.toString().lines()::iterator) {
      if (!line.contains(" dev.fanfare.shipping.Shipped") && !line.contains(".LambdaForm$")) {
        own.append(line.replace("\t", "    ")).append('\n');
      } else if (line.contains("Shipped.call")) {
        break;
      }
    }
    return own.toString();
  }

  private static String cut(String text, int limit) {
    return text.length() <= limit ? text : text.substring(0, limit - 1) + "…";
  }
}
