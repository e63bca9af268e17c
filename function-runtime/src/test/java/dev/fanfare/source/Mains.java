package dev.fanfare.source;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Classes with main methods of all kinds. */
final class Mains {
  static List<String> heard = new ArrayList<>();

  private Mains() {}

  static final class Both {
    static void main(String[] arguments) {
      heard.add("both " + Arrays.toString(arguments));
    }

    void main() {
      heard.add("wrong");
    }
  }

  static class Instance {
    void main() {
      heard.add("instance");
    }
  }

  static final class Heir extends Instance {}

  @SuppressWarnings("UnusedMethod")
  static final class None {
    private static void main(String[] arguments) {
      heard.add("private " + arguments.length);
    }

    static int main() {
      return 0;
    }
  }
}
