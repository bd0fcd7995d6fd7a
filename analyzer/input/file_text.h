// The text of a file in memory pages of its own, which are given back one by one when they have served: a file of
// hundreds of megabytes and what is made of it are not in memory together.
#pragma once

#include <cstddef>
#include <string_view>

namespace guardrails {

// Not thread-safe, but for Drop and reading.
class FileText {
 public:
  // Readable zero bytes behind every text, for parsers that look ahead.
  static constexpr std::size_t kRoom = 64;

  FileText() = default;
  explicit FileText(std::string_view copied);
  FileText(FileText&& other) noexcept;
  FileText& operator=(FileText&& other) noexcept;
  ~FileText();

  // Makes room for a text of that size; throws std::bad_alloc when there is none. Keeps what is there.
  void Reserve(std::size_t size);
  // Where the text is written: `capacity` bytes. The size is set afterwards, once.
  char* data() { return data_; }
  std::size_t capacity() const { return mapped_ < kRoom ? 0 : mapped_ - kRoom; }
  void SetSize(std::size_t size);

  std::string_view text() const { return {data_, size_}; }
  // Gives back the whole pages between two offsets. Their content is lost: it reads as zeros.
  void Drop(std::size_t begin, std::size_t end) const;

 private:
  char* data_ = nullptr;
  std::size_t size_ = 0, mapped_ = 0;
};

}  // namespace guardrails
