package dev.fanfare.blackbox;

import java.nio.file.Path;

/** Functions that talk over channels. */
final class ChannelFunctions {
  static final String SOURCE =
      """
      import dev.fanfare.function.Channel;
      import dev.fanfare.function.Fn;
      import java.nio.file.Files;
      import java.nio.file.Path;

      public class Talking {
        public record Row(int number, String text) {}
        public record Report(String name, Channel<String, Integer> progress) {}

        @Fn public void echo(Channel<String, String> channel) {
          for (String item : channel) channel.send(item);
        }

        @Fn public void count(int from, int to, Channel<String, Row> rows) {
          for (int i = from; i < to; i++) rows.send(new Row(i, "row " + i));
        }

        @Fn public void sum(Channel<Integer, Long> numbers) {
          long sum = 0;
          for (int number : numbers) sum += number;
          numbers.send(sum);
        }

        @Fn public void breaks(Channel<String, String> channel) {
          for (int i = 0; i < 10; i++) channel.send("item " + i);
          throw new IllegalStateException("broken after ten");
        }

        @Fn public void bytes(Channel<byte[], byte[]> channel) {
          for (byte[] item : channel) channel.send(item);
        }

        @Fn public void flood(String file, Channel<String, byte[]> channel) throws Exception {
          long sent = 0;
          byte[] block = new byte[1000];
          while (true) {
            channel.send(block);
            Files.writeString(Path.of(file), Long.toString(++sent));
          }
        }

        @Fn public void waits(String file, Channel<String, String> channel) throws Exception {
          channel.send("here");
          try {
            while (channel.receive() != null) {}
            Files.writeString(Path.of(file), "ended");
          } catch (RuntimeException e) {
            Files.writeString(Path.of(file), e.getClass().getSimpleName());
            throw e;
          }
        }

        @Fn(timeout = "1s") public void late(Channel<String, String> channel) {
          channel.send("soon");
          channel.receive();
        }

        @Fn public void reports(Channel<Report, String> jobs) {
          for (Report job : jobs) {
            for (int i = 0; i < 100; i++) job.progress().send(i);
            job.progress().close();
            jobs.send(job.name() + " done");
          }
        }

        @Fn public void listens(Channel<String, String> channel) {
          channel.onMessage(
              item -> {
                if (item.equals("bad")) throw new IllegalArgumentException("no " + item);
                channel.send("heard " + item);
              },
              end -> System.out.println("end " + end));
        }

        @Fn public static String hello(String name) { return "hello " + name; }
      }
      """;

  private ChannelFunctions() {}

  static Path jar(Path home) {
    return TestJar.of(home, "Talking", SOURCE);
  }
}
