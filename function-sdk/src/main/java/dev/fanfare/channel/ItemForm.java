package dev.fanfare.channel;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.BinaryNode;
import dev.fanfare.function.Channel;
import dev.fanfare.function.ChannelException.Misfit;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** How items of one type travel in one conversation. Thread-safe. */
final class ItemForm {
  private final JavaType type;
  private final Class<?> raw;
  private final ObjectReader reader;
  private final ObjectWriter writer;

  ItemForm(ObjectMapper json, JavaType type, Conversation conversation) {
    this.type = type;
    this.raw = type.getRawClass();
    this.reader = json.readerFor(type).withAttribute(Conversation.class, conversation);
    this.writer = json.writerFor(type).withAttribute(Conversation.class, conversation);
  }

  EventKind kind() {
    return raw == byte[].class ? EventKind.BYTES : EventKind.JSON;
  }

  byte[] written(Object item) {
    byte[] content = item instanceof byte[] bytes && raw == byte[].class ? bytes : json(item);
    if (content.length > Channel.LARGEST_ITEM) {
      throw new IllegalArgumentException(
          "an item of "
              + content.length
              + " bytes is more than the "
              + Channel.LARGEST_ITEM
              + " that fit: send it in pieces");
    }
    return content;
  }

  @Nullable Object read(EventKind kind, byte[] content) {
    if (kind == EventKind.BYTES) {
      if (raw == byte[].class) {
        return content;
      }
      if (raw == JsonNode.class) {
        return BinaryNode.valueOf(content);
      }
      throw new Misfit("bytes came where a " + type.toCanonical() + " is wanted", null);
    }
    if (raw == String.class && (content.length == 0 || content[0] != '"')) {
      return new String(content, UTF_8);
    }
    try {
      return reader.readValue(content);
    } catch (JsonProcessingException e) {
      String words = e.getOriginalMessage();
      throw new Misfit("an item is no " + type.toCanonical() + ": " + words, e);
    } catch (IOException e) {
      throw new Misfit("an item cannot be read", e);
    }
  }

  private byte[] json(Object item) {
    try {
      return writer.writeValueAsBytes(item);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "the item, a "
              + item.getClass().getName()
              + ", cannot be written as JSON: "
              + e.getOriginalMessage(),
          e);
    }
  }
}
