package dev.fanfare.timeline;

import dev.fanfare.timeline.Span.Phase;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Draws a burst: every sampled invocation as a line from left to right in the colours of its
 * phases, in the order in which they came; under it how long items ran and took in all. An SVG
 * document that needs nothing else and runs no script.
 */
public final class TimelineSvg {
  private static final int WIDTH = 1000;
  private static final int LEFT = 60;
  private static final int RIGHT = 20;
  private static final int TOP = 64;
  private static final int MOST_HEIGHT = 480;
  private static final int BARS = 60;
  private static final int HISTOGRAM_HEIGHT = 120;
  private static final int GAP = 56;
  private static final double NARROWEST = 0.05;

  private final Timeline timeline;
  private final long micros;
  private final StringBuilder svg = new StringBuilder();

  private TimelineSvg(Timeline timeline) {
    this.timeline = timeline;
    long last = timeline.spans().stream().mapToLong(Span::toldAt).max().orElse(timeline.endedAt());
    this.micros = Math.max(1, Math.max(last, timeline.endedAt()) - timeline.beganAt());
  }

  /** The document. */
  public static String draw(Timeline timeline) {
    return new TimelineSvg(timeline).document();
  }

  private String document() {
    List<Span> spans = timeline.spans();
    double row = Math.clamp(MOST_HEIGHT / (double) Math.max(1, spans.size()), 0.2, 12);
    int height = (int) Math.ceil(Math.max(24, row * spans.size()));
    int histograms = TOP + height + GAP;
    open(histograms + HISTOGRAM_HEIGHT + 48);
    title();
    axis(height);
    List<Span> ordered = new ArrayList<>(spans);
    ordered.sort(Comparator.comparingLong(Span::receivedAt).thenComparingLong(Span::index));
    for (int i = 0; i < ordered.size(); i++) {
      line(ordered.get(i), TOP + i * row, Math.max(row * 0.9, 0.6));
    }
    int half = (WIDTH - LEFT - RIGHT - 40) / 2;
    histogram("run, per item", timeline.run(), LEFT, histograms, half, Phase.RUN.colour());
    histogram("total, per item", timeline.total(), LEFT + half + 40, histograms, half, "#6b7280");
    return svg.append("</svg>\n").toString();
  }

  private void open(int height) {
    svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + WIDTH + "\" height=\"");
    svg.append(height + "\" viewBox=\"0 0 " + WIDTH + " " + height + "\"");
    svg.append(" font-family=\"system-ui,sans-serif\" fill=\"#374151\">\n");
    rect(0, 0, WIDTH, height, "#fff");
  }

  private void title() {
    text(LEFT, 22, "start", 14, timeline.title());
    String shown =
        timeline.spans().size() < timeline.invocations()
            ? ", " + timeline.spans().size() + " of them shown"
            : "";
    String items =
        grouped(timeline.items())
            + " items in "
            + grouped(timeline.invocations())
            + " invocations"
            + shown
            + ", "
            + duration(micros)
            + ", "
            + grouped(Math.round(timeline.items() * 1e6 / micros))
            + " items/s";
    text(LEFT, 40, "start", 11, items);
    int x = WIDTH - RIGHT - 300;
    for (Phase phase : Phase.values()) {
      rect(x, 13, 10, 10, phase.colour());
      text(x + 14, 22, "start", 11, phase.label());
      x += 60;
    }
  }

  private void axis(int height) {
    for (int i = 0; i <= 10; i++) {
      double x = x(timeline.beganAt() + micros * i / 10);
      rect(x, TOP - 4, 1, height + 8, "#e5e7eb");
      text(x, TOP - 8, "middle", 10, duration(micros * i / 10));
    }
  }

  private void line(Span span, double y, double height) {
    for (Phase phase : Phase.values()) {
      double from = x(span.begin(phase));
      double width = x(span.end(phase)) - from;
      if (width >= NARROWEST) {
        rect(from, y, width, height, phase.colour());
      }
    }
    if (!span.succeeded()) {
      svg.append("<circle cx=\"" + number(x(span.toldAt())) + "\" cy=\"");
      svg.append(number(y + height / 2) + "\" r=\"2.5\" fill=\"#dc2626\"/>\n");
    }
  }

  private void histogram(String name, Histogram histogram, int x, int y, int width, String colour) {
    Histogram.Bars bars = histogram.bars(BARS);
    text(x, y - 8, "start", 11, name + percentiles(histogram));
    long most = 1;
    for (long count : bars.counts()) {
      most = Math.max(most, count);
    }
    double bar = width / (double) Math.max(1, bars.counts().length);
    for (int i = 0; i < bars.counts().length; i++) {
      double height = HISTOGRAM_HEIGHT * (bars.counts()[i] / (double) most);
      rect(x + i * bar, y + HISTOGRAM_HEIGHT - height, bar * 0.9, height, colour);
    }
    int under = y + HISTOGRAM_HEIGHT + 14;
    text(x, under, "start", 10, duration(bars.from()));
    text(x + width, under, "end", 10, duration(bars.to()) + " (log)");
  }

  private static String percentiles(Histogram histogram) {
    return ": p50 "
        + duration(histogram.percentile(0.5))
        + ", p95 "
        + duration(histogram.percentile(0.95))
        + ", p99 "
        + duration(histogram.percentile(0.99));
  }

  private double x(long at) {
    return LEFT + (at - timeline.beganAt()) * (double) (WIDTH - LEFT - RIGHT) / micros;
  }

  private void rect(double x, double y, double width, double height, String colour) {
    svg.append("<rect x=\"" + number(x) + "\" y=\"" + number(y) + "\" width=\"");
    svg.append(number(width) + "\" height=\"" + number(height) + "\" fill=\"" + colour + "\"/>\n");
  }

  private void text(double x, double y, String anchor, int size, String text) {
    svg.append("<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" text-anchor=\"");
    svg.append(anchor + "\" font-size=\"" + size + "\">" + escaped(text) + "</text>\n");
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static String duration(long micros) {
    if (micros >= 1_000_000) {
      return number(micros / 1e6) + " s";
    }
    return micros >= 10_000 ? Math.round(micros / 1e3) + " ms" : number(micros / 1e3) + " ms";
  }

  /** With two digits after the point. */
  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private static String grouped(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }
}
