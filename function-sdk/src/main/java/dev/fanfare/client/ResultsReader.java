package dev.fanfare.client;

import dev.fanfare.wire.MessageReader;
import java.util.ArrayList;
import java.util.List;

/** Reads a message of results. */
final class ResultsReader {
  private ResultsReader() {}

  static List<RawResult> read(MessageReader message) {
    var results = new ArrayList<RawResult>();
    while (message.hasMore()) {
      results.add(new RawResult(message.number(), message.resultKind(), message.entry()));
    }
    return results;
  }
}
