package dev.fanfare.benchmark;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.core.ExecutionCallback;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.IExecutorService;
import java.io.IOException;
import java.io.Serializable;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/**
 * The yardstick of a burst: Hazelcast's distributed executor on two members, with this program as
 * their client, so many tasks on their way at a time.
 */
final class ExecutorServiceMap implements AutoCloseable {
  private static final int IN_FLIGHT = 1_000;

  private final StartedProcess first;
  private final StartedProcess second;
  private final HazelcastInstance client;

  private ExecutorServiceMap(
      StartedProcess first, StartedProcess second, HazelcastInstance client) {
    this.first = first;
    this.second = second;
    this.client = client;
  }

  static ExecutorServiceMap start() throws IOException {
    var first = StartedProcess.java(HazelcastMember.class, "member on (\\d+)");
    String port = first.ready().group(1);
    var second = StartedProcess.java(HazelcastMember.class, "member on (\\d+)", port);
    var config = new ClientConfig().setClusterName("yardstick");
    config.setProperty("hazelcast.logging.type", "none");
    config.getNetworkConfig().addAddress("127.0.0.1:" + port);
    return new ExecutorServiceMap(first, second, HazelcastClient.newHazelcastClient(config));
  }

  /** A task that gives back its number. */
  record NoOp(int number) implements Callable<Integer>, Serializable {
    @Override
    public Integer call() {
      return number;
    }
  }

  /** Runs so many tasks; returns the seconds that it took. */
  double run(int tasks) throws InterruptedException {
    IExecutorService executor = client.getExecutorService("map");
    var room = new Semaphore(IN_FLIGHT);
    var left = new CountDownLatch(tasks);
    var done =
        new ExecutionCallback<Integer>() {
          @Override
          public void onResponse(Integer number) {
            room.release();
            left.countDown();
          }

          @Override
          public void onFailure(Throwable failure) {
            throw new IllegalStateException(failure);
          }
        };
    long began = System.nanoTime();
    for (int i = 0; i < tasks; i++) {
      room.acquire();
      executor.submit(new NoOp(i), done);
    }
    left.await();
    return (System.nanoTime() - began) / 1e9;
  }

  @Override
  public void close() {
    client.shutdown();
    second.close();
    first.close();
  }
}
