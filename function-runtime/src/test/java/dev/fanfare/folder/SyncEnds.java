package dev.fanfare.folder;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fanfare.channel.ChannelModule;
import dev.fanfare.channel.Conversation;
import dev.fanfare.channel.RemoteFault;
import dev.fanfare.function.Channel;
import dev.fanfare.sync.Exclusion;
import dev.fanfare.sync.Listing;
import dev.fanfare.sync.SyncListener;
import dev.fanfare.sync.SyncOptions;
import dev.fanfare.sync.SyncReport;
import dev.fanfare.sync.SyncSender;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** Both ends of a sync with a channel between them, in one process. */
final class SyncEnds implements AutoCloseable {
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Wire up = new Wire();
  private final Wire down = new Wire();
  private final Conversation here;
  private final Conversation there;

  private static final class Wire implements Conversation.Outlet {
    final Semaphore news = new Semaphore(0);

    @Override
    public void ready(boolean now) {
      news.release();
    }
  }

  SyncEnds() {
    var json = new ObjectMapper().registerModule(new ChannelModule());
    here = new Conversation(Conversation.Side.CLIENT, up, json, threads);
    there = new Conversation(Conversation.Side.FUNCTION, down, json, threads);
    threads.execute(() -> carry(up, here, there));
    threads.execute(() -> carry(down, there, here));
  }

  private static void carry(Wire wire, Conversation from, Conversation to) {
    try {
      while (true) {
        wire.news.acquire();
        for (byte[] events = from.take(); events != null; events = from.take()) {
          to.received(events);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Begins to receive. */
  void receive(Path root, SyncRequest request) {
    Channel<byte[], byte[]> channel = there.first(byte[].class, byte[].class);
    threads.execute(
        () -> {
          try {
            Receiver.receive(root, request, channel);
            there.finish();
          } catch (IOException | RuntimeException e) {
            here.otherSideFailed(RemoteFault.of("rejected", String.valueOf(e.getMessage())));
          }
        });
  }

  Channel<byte[], byte[]> client() {
    return here.first(byte[].class, byte[].class);
  }

  static SyncReport sync(Path from, Path root, String path, SyncOptions options)
      throws IOException {
    return send(Listing.of(from, new Exclusion(options.exclude())), root, path, options);
  }

  /** Of a listing, which may not be true any more. */
  static SyncReport send(Listing listing, Path root, String path, SyncOptions options) {
    return send(listing, root, path, options, SyncListener.NOBODY);
  }

  static SyncReport send(
      Listing listing, Path root, String path, SyncOptions options, SyncListener listener) {
    try (var ends = new SyncEnds()) {
      ends.receive(root, request(path, options));
      return new SyncSender("there", listing, ends.client(), listener).run();
    }
  }

  static SyncRequest request(String path, SyncOptions options) {
    return new SyncRequest(
        path,
        options.checksum(),
        options.delete(),
        options.dryRun(),
        options.keepLinks(),
        options.exclude());
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
