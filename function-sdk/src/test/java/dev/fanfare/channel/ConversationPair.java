package dev.fanfare.channel;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fanfare.channel.Conversation.Side;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** Both sides of an invocation's channels, with a thread in each direction that carries events. */
final class ConversationPair implements AutoCloseable {
  final Conversation client;
  final Conversation function;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Carrier up = new Carrier();
  private final Carrier down = new Carrier();
  volatile Throwable refused;

  /** Wakes a direction's thread; what comes while it carries goes with the next look. */
  private static final class Carrier implements Conversation.Outlet {
    final Semaphore news = new Semaphore(0);

    @Override
    public void ready(boolean now) {
      news.release();
    }
  }

  ConversationPair() {
    var json = new ObjectMapper().registerModule(new ChannelModule());
    client = new Conversation(Side.CLIENT, up, json, threads);
    function = new Conversation(Side.FUNCTION, down, json, threads);
    threads.execute(() -> carry(up, client, function));
    threads.execute(() -> carry(down, function, client));
  }

  private void carry(Carrier carrier, Conversation from, Conversation to) {
    try {
      while (true) {
        carrier.news.acquire();
        carrier.news.drainPermits();
        for (byte[] events = from.take(); events != null; events = from.take()) {
          to.received(events);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      refused = e;
    }
  }

  /** Runs something beside the test. */
  java.util.concurrent.Future<?> beside(Runnable task) {
    return threads.submit(task);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
