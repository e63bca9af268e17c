package dev.fanfare.gateway;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.key.Scope;
import dev.fanfare.protocol.WorkerAddress;
import dev.fanfare.registry.WorkerAddresses;
import io.vertx.core.http.HttpMethod;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;

/** {@code /v1/workers/connections}: listening workers that the gateways dial. */
final class WorkerConnectionResources {
  private static final String PATH = "/v1/workers/connections";

  private final DialledWorkers workers;
  private final WorkerAddresses addresses;

  WorkerConnectionResources(DialledWorkers workers, WorkerAddresses addresses) {
    this.workers = workers;
    this.addresses = addresses;
  }

  void serve(Routes routes) {
    routes.get(PATH, Scope.VIEWER, this::list);
    routes.body(HttpMethod.POST, PATH, Scope.OPERATOR, this::connect);
    routes.delete(PATH, Scope.OPERATOR, this::disconnect);
  }

  private void list(Exchange exchange) {
    exchange.later(
        workers.views(),
        views -> {
          ObjectNode body = JsonText.object();
          ArrayNode connections = body.putArray("connections");
          views.forEach(view -> connections.add(json(view)));
          exchange.json(200, body);
        });
  }

  /** Answers after the first try; one that both sides do not accept is not kept. */
  private void connect(Exchange exchange) {
    exchange.document(
        document -> {
          WorkerAddress address =
              Exchange.parse("address", document.path("address").asText(""), WorkerAddress::parse);
          boolean insecure = document.path("insecure").asBoolean();
          exchange.blocking(
              () -> {
                requireProtected(address, insecure);
                addresses.add(address);
                return address;
              },
              added ->
                  exchange.later(
                      workers.tried(address), view -> answer(exchange, view.orElseThrow())));
        });
  }

  private void answer(Exchange exchange, Dialling.View view) {
    if (view.state() == Dialling.State.REFUSED) {
      exchange.blocking(
          () -> addresses.remove(view.address()),
          removed ->
              exchange.fail(
                  Problem.of(
                      409,
                      "worker-not-proven",
                      "No trust between platform and worker",
                      "no connection with the worker at "
                          + view.address()
                          + ": "
                          + view.problem())));
    } else {
      exchange.json(201, json(view));
    }
  }

  private void disconnect(Exchange exchange) {
    WorkerAddress address =
        exchange
            .query("address", WorkerAddress::parse)
            .orElseThrow(() -> new Refused(Problem.badRequest("say which: ?address=HOST:PORT")));
    exchange.blocking(
        () -> addresses.remove(address),
        known -> {
          if (known) {
            exchange.nothing();
          } else {
            exchange.fail(
                Problem.of(
                    404, "no-such-connection", "No such connection", address + " is not dialled"));
          }
        });
  }

  private static void requireProtected(WorkerAddress address, boolean insecure) {
    if (!address.encrypted() && !insecure && !loopback(address)) {
      throw new Refused(
          Problem.badRequest(
              "refusing to dial "
                  + address
                  + " without TLS: others on the network could read what goes over it. Give the"
                  + " worker a certificate and write https://"
                  + address
                  + ", or allow it with --insecure"));
    }
  }

  private static boolean loopback(WorkerAddress address) {
    try {
      for (InetAddress one : InetAddress.getAllByName(address.host())) {
        if (!one.isLoopbackAddress()) {
          return false;
        }
      }
      return true;
    } catch (UnknownHostException e) {
      throw new Refused(Problem.badRequest("address: there is no host '" + address.host() + "'"));
    }
  }

  private static ObjectNode json(Dialling.View view) {
    ObjectNode json = JsonText.object();
    json.put("address", view.address().toString());
    json.put("state", view.state().name().toLowerCase(Locale.ROOT));
    view.worker().ifPresent(id -> json.put("worker", id.value()));
    if (!view.problem().isEmpty()) {
      json.put("problem", view.problem());
    }
    return json;
  }
}
