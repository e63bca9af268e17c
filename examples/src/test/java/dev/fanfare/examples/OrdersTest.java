package dev.fanfare.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.examples.Orders.Invoice;
import dev.fanfare.examples.Orders.Item;
import dev.fanfare.examples.Orders.Order;
import dev.fanfare.examples.Orders.Payment;
import dev.fanfare.examples.Orders.Voucher;
import dev.fanfare.function.Reject;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OrdersTest {
  private final Orders orders = new Orders();

  @Test
  void anOrderIsPricedLineByLine() {
    var quote =
        orders.price(order(new Voucher("SPRING", 10), new Item("assam", 2), new Item("sencha", 1)));
    assertThat(quote.lines())
        .extracting(line -> line.sum().toString())
        .containsExactly("17.80", "12.50");
    assertThat(quote.discount()).hasToString("3.03");
    assertThat(quote.total()).hasToString("27.27");
    assertThat(quote.terms()).isEqualTo("voucher SPRING");
  }

  @Test
  void anInvoiceIsDueInThirtyDaysUnlessItSaysOtherwise() {
    var item = new Item("assam", 1);
    assertThat(orders.price(order(new Invoice("ada", Optional.empty()), item)).terms())
        .isEqualTo("due in 30 days");
    assertThat(orders.price(order(new Invoice("ada", Optional.of(5)), item)).terms())
        .isEqualTo("due in 5 days");
  }

  @Test
  void unknownProductsAreNotFound() {
    assertRejected(404, () -> orders.product("coffee"));
    assertRejected(404, () -> orders.price(order(new Voucher("x", 1), new Item("coffee", 1))));
  }

  @Test
  void ordersThatCannotBeDeliveredAreRejected() {
    assertRejected(422, () -> orders.price(order(new Voucher("x", 1))));
    assertRejected(422, () -> orders.price(order(new Voucher("x", 1), new Item("oolong", 1))));
    assertRejected(422, () -> orders.price(order(new Voucher("x", 1), new Item("assam", 0))));
    assertRejected(422, () -> orders.price(order(new Voucher("x", 101), new Item("assam", 1))));
  }

  private static Order order(Payment payment, Item... items) {
    return new Order(List.of(items), payment, Optional.empty());
  }

  private static void assertRejected(int status, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            Reject.class, reject -> assertThat(reject.status()).isEqualTo(status));
  }
}
