package dev.fanfare.examples;

import dev.fanfare.function.Fn;
import dev.fanfare.function.Reject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A small JSON API: prices orders of tea against a fixed catalogue. */
public class Orders {
  private static final Map<String, Product> CATALOGUE =
      Map.of(
          "assam",
              new Product("assam", "Assam, second flush", new BigDecimal("8.90"), Stock.PLENTY),
          "sencha", new Product("sencha", "Sencha", new BigDecimal("12.50"), Stock.FEW),
          "oolong", new Product("oolong", "Oolong, roasted", new BigDecimal("15.00"), Stock.NONE));

  /** How much of a product there is. */
  public enum Stock {
    PLENTY,
    FEW,
    NONE
  }

  /** What can be ordered. */
  public record Product(String code, String title, BigDecimal price, Stock stock) {}

  /** One line of an order. */
  public record Item(String product, int quantity) {}

  /** How it is paid; the field {@code type} tells which. */
  public sealed interface Payment {}

  /** By card. */
  public record Card(String number, LocalDate expires) implements Payment {}

  /** By invoice, with the days until it is due. */
  public record Invoice(String customer, Optional<Integer> days) implements Payment {}

  /** With a voucher that takes a part off the price. */
  public record Voucher(String code, int percent) implements Payment {}

  /** An order to price. */
  public record Order(List<Item> items, Payment payment, Optional<LocalDate> wanted) {
    public Order {
      items = List.copyOf(items);
    }
  }

  /** What an order costs. */
  public record Quote(List<Line> lines, BigDecimal discount, BigDecimal total, String terms) {}

  /** What a line of it costs. */
  public record Line(Product product, int quantity, BigDecimal sum) {}

  /** One product of the catalogue; 404 if there is none of this code. */
  @Fn(name = "orders.product")
  public Product product(String code) {
    Product product = CATALOGUE.get(code);
    if (product == null) {
      throw new Reject(404, "there is no product '" + code + "'");
    }
    return product;
  }

  /** Prices an order; 422 if it cannot be delivered as it stands. */
  @Fn(name = "orders.price")
  public Quote price(Order order) {
    if (order.items().isEmpty()) {
      throw new Reject(422, "items holds at least one item");
    }
    List<Line> lines = order.items().stream().map(this::line).toList();
    BigDecimal sum = lines.stream().map(Line::sum).reduce(BigDecimal.ZERO, BigDecimal::add);
    BigDecimal discount = discount(sum, order.payment());
    return new Quote(lines, discount, sum.subtract(discount), terms(order.payment()));
  }

  private Line line(Item item) {
    if (item.quantity() < 1) {
      throw new Reject(422, "quantity is at least 1, not " + item.quantity());
    }
    Product product = product(item.product());
    if (product.stock() == Stock.NONE) {
      throw new Reject(422, product.title() + " is sold out");
    }
    return new Line(
        product, item.quantity(), product.price().multiply(BigDecimal.valueOf(item.quantity())));
  }

  private static BigDecimal discount(BigDecimal sum, Payment payment) {
    return switch (payment) {
      case Card _, Invoice _ -> BigDecimal.ZERO;
      case Voucher voucher when voucher.percent() < 1 || voucher.percent() > 100 ->
          throw new Reject(422, "percent is 1 to 100, not " + voucher.percent());
      case Voucher voucher ->
          sum.multiply(BigDecimal.valueOf(voucher.percent()))
              .divide(BigDecimal.valueOf(100), 2, RoundingMode.HALF_EVEN);
    };
  }

  private static String terms(Payment payment) {
    return switch (payment) {
      case Card _ -> "charged now";
      case Invoice invoice -> "due in " + invoice.days().orElse(30) + " days";
      case Voucher voucher -> "voucher " + voucher.code();
    };
  }
}
