package dev.fanfare.examples;

import dev.fanfare.function.Fn;
import dev.fanfare.function.Reject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts the words of an uploaded text of any length. */
public class WordCount {
  private static final int TOP = 10;
  private static final int LONGEST_WORD = 256;
  private static final int MOST_DISTINCT = 500_000;

  /** What a text is made of; {@code top} holds its ten most frequent words. */
  public record Counted(long lines, long words, int distinct, List<Word> top) {}

  /** A word in lower case and how often it came. */
  public record Word(String word, long count) {}

  /** Reads UTF-8 text as it arrives; words are letters and digits. */
  @Fn(timeout = "10m")
  public Counted wordCount(InputStream text) throws IOException {
    var counts = new HashMap<String, Long>();
    var word = new StringBuilder();
    long lines = 0;
    long words = 0;
    int last = '\n';
    var reader = new BufferedReader(new InputStreamReader(text, StandardCharsets.UTF_8));
    for (int c = reader.read(); c >= 0; c = reader.read()) {
      if (Character.isLetterOrDigit((char) c)) {
        if (word.length() < LONGEST_WORD) {
          word.append(Character.toLowerCase((char) c));
        }
      } else if (!word.isEmpty()) {
        words++;
        count(counts, word);
      }
      lines += c == '\n' ? 1 : 0;
      last = c;
    }
    if (!word.isEmpty()) {
      words++;
      count(counts, word);
    }
    return new Counted(lines + (last == '\n' ? 0 : 1), words, counts.size(), top(counts));
  }

  private static void count(Map<String, Long> counts, StringBuilder word) {
    counts.merge(word.toString(), 1L, Long::sum);
    word.setLength(0);
    if (counts.size() > MOST_DISTINCT) {
      throw new Reject(413, "the text has more than " + MOST_DISTINCT + " different words");
    }
  }

  private static List<Word> top(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .map(entry -> new Word(entry.getKey(), entry.getValue()))
        .sorted(Comparator.comparingLong(Word::count).reversed().thenComparing(Word::word))
        .limit(TOP)
        .toList();
  }
}
