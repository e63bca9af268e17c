package dev.fanfare.client;

import static java.net.http.HttpRequest.BodyPublishers.noBody;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fanfare.shipping.Shared;
import dev.fanfare.shipping.Shipment;
import dev.fanfare.shipping.Shippable;
import dev.fanfare.shipping.Shipped;
import java.io.IOException;
import java.io.Serializable;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Bursts of lambdas: each lambda's jar is deployed once by this client, and by its content's hash
 * once on the platform. Thread-safe.
 */
final class ShippedBursts {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BYTES = "application/octet-stream";

  private final Connection connection;
  private final Map<String, String> functions = new ConcurrentHashMap<>();

  ShippedBursts(Connection connection) {
    this.connection = connection;
  }

  <T, R> Burst<R> map(
      ItemSource<T> items, Shippable<? super T, ? extends R> function, BurstOptions options) {
    Shipment shipment = Shipment.of(function, options.shared());
    return begin(items, shipment::item, shipment, options);
  }

  <A, B, R> Burst<R> starmap(
      ItemSource<Map.Entry<? extends A, ? extends B>> pairs,
      Shippable.OfTwo<? super A, ? super B, ? extends R> function,
      BurstOptions options) {
    Shipment shipment = Shipment.of(function, options.shared());
    return begin(pairs, pair -> shipment.items(pair.getKey(), pair.getValue()), shipment, options);
  }

  <T> Tally forEach(ItemSource<T> items, Shippable.Action<? super T> action, BurstOptions options) {
    Shipment shipment = Shipment.of(action, options.shared());
    try (Burst<Object> burst = begin(items, shipment::item, shipment, options)) {
      return burst.tally();
    }
  }

  <T, R> Burst<R> submitAll(
      ItemSource<T> items, Shippable<? super T, ? extends R> function, BurstOptions options) {
    Shipment shipment = Shipment.of(function, options.shared());
    Items<T> written = items.writing(shipment::item, BYTES, shipment.lambda());
    String id =
        Bursting.submit(
            connection,
            deployed(shipment),
            written,
            options.withMostInFlight(BurstOptions.MOST_IN_FLIGHT));
    return AttachedFeed.attach(connection, id, reading(shipment));
  }

  /** Sends the value unless the platform has it. */
  <T> Shared<T> share(T value) {
    Shared.Written<T> written = Shared.write(value);
    String path = "/v1/blobs/" + written.shared().hash();
    if (connection.send(connection.request(path).method("HEAD", noBody()).build()).statusCode()
        != 204) {
      Answers.plain(
          connection.send(
              connection
                  .request(path)
                  .header("Content-Type", BYTES)
                  .PUT(BodyPublishers.ofByteArray(written.bytes()))
                  .build()));
    }
    return written.shared();
  }

  <R> Burst<R> attach(String id, Serializable function) {
    return AttachedFeed.attach(connection, id, reading(Shipment.of(function)));
  }

  private <T extends @Nullable Object, R> Burst<R> begin(
      ItemSource<T> items, Function<T, byte[]> writing, Shipment shipment, BurstOptions options) {
    return Bursting.begin(
        connection,
        deployed(shipment),
        items.writing(writing, BYTES, shipment.lambda()),
        options,
        reading(shipment));
  }

  @SuppressWarnings({"unchecked", "NullAway"})
  private static <R> Reading<R> reading(Shipment shipment) {
    return (body, contentType) -> (R) shipment.result(body);
  }

  /** The function that runs the shipment, by its revision. */
  String deployed(Shipment shipment) {
    byte[] jar = shipment.jar();
    return functions.computeIfAbsent(Shipment.hash(jar), hash -> deploy(jar));
  }

  private String deploy(byte[] jar) {
    HttpRequest request =
        connection
            .request("/v1/functions")
            .header("Content-Type", "application/java-archive")
            .POST(BodyPublishers.ofByteArray(jar))
            .build();
    HttpResponse<byte[]> answer = Answers.plain(connection.send(request));
    try {
      return Shipped.FUNCTION + "@" + JSON.readTree(answer.body()).path("revision").asText();
    } catch (IOException e) {
      throw new BadAnswer("the answer to a deploy is no JSON", e);
    }
  }
}
