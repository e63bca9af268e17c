package dev.fanfare.client;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.function.ChannelException;
import dev.fanfare.sync.Exclusion;
import dev.fanfare.sync.Listing;
import dev.fanfare.sync.SyncListener;
import dev.fanfare.sync.SyncOptions;
import dev.fanfare.sync.SyncReport;
import dev.fanfare.sync.SyncSender;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Syncs a folder with several workers, each on a thread of its own. */
final class FolderSync {
  private static final String SYNC = "fanfare.sync";

  private final Channels channels;
  private final SyncOptions options;
  private final SyncListener listener;

  /** A folder on a worker. */
  private record Place(String worker, String path) {
    static Place parse(String text) {
      int colon = text.indexOf(':');
      if (colon < 1) {
        throw new IllegalArgumentException("'" + text + "' is no target: write WORKER:PATH");
      }
      return new Place(text.substring(0, colon), text.substring(colon + 1));
    }
  }

  FolderSync(Channels channels, SyncOptions options, SyncListener listener) {
    this.channels = channels;
    this.options = options;
    this.listener = listener;
  }

  List<SyncReport> run(Path folder, List<String> targets) throws IOException {
    List<Place> places = targets.stream().map(Place::parse).toList();
    Listing listing = Listing.of(folder, new Exclusion(options.exclude()));
    var runs = new ArrayList<FutureTask<SyncReport>>();
    for (Place place : places) {
      var run = new FutureTask<>(() -> run(listing, place));
      runs.add(run);
      var thread = new Thread(run, "fanfare-sync-" + place.worker());
      thread.setDaemon(true);
      thread.start();
    }
    try {
      var reports = new ArrayList<SyncReport>();
      for (FutureTask<SyncReport> run : runs) {
        reports.add(run.get());
      }
      return reports;
    } catch (InterruptedException e) {
      runs.forEach(run -> run.cancel(true));
      throw Interrupted.restoringFlag(e);
    } catch (ExecutionException e) {
      runs.forEach(run -> run.cancel(true));
      throw new IllegalStateException(e.getCause());
    }
  }

  private SyncReport run(Listing listing, Place place) {
    CallOptions there = CallOptions.NONE.withConstraints("worker=" + place.worker());
    OpenChannel<byte[], byte[]> channel;
    try {
      channel = channels.open(SYNC, argument(place.path()), there);
    } catch (FanfareException | ChannelException e) {
      return SyncReport.broken(place.worker(), List.of(), String.valueOf(e.getMessage()));
    }
    SyncReport report = new SyncSender(place.worker(), listing, channel, listener).run();
    if (report.broken() == null) {
      channel.close();
    } else {
      channel.cancel();
    }
    return report;
  }

  private ObjectNode argument(String path) {
    ObjectNode argument =
        JsonNodeFactory.instance
            .objectNode()
            .put("path", path)
            .put("checksum", options.checksum())
            .put("delete", options.delete())
            .put("dryRun", options.dryRun())
            .put("keepLinks", options.keepLinks());
    options.exclude().forEach(argument.putArray("exclude")::add);
    return argument;
  }
}
