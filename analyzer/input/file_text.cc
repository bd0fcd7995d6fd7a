#include "analyzer/input/file_text.h"

#include <sys/mman.h>

#include <algorithm>
#include <new>
#include <utility>

namespace guardrails {
namespace {

constexpr std::size_t kPage = 4096;

std::size_t RoundUp(std::size_t size, std::size_t to) { return (size + to - 1) / to * to; }

}  // namespace

FileText::FileText(std::string_view copied) {
  Reserve(copied.size());
  std::copy(copied.begin(), copied.end(), data_);
  SetSize(copied.size());
}

FileText::FileText(FileText&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      mapped_(std::exchange(other.mapped_, 0)) {}

FileText& FileText::operator=(FileText&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  std::swap(mapped_, other.mapped_);
  return *this;
}

FileText::~FileText() {
  if (data_) munmap(data_, mapped_);
}

void FileText::Reserve(std::size_t size) {
  const std::size_t wanted = RoundUp(size + kRoom, kPage);
  if (wanted <= mapped_) return;
  void* pages = data_ ? mremap(data_, mapped_, wanted, MREMAP_MAYMOVE)
                      : mmap(nullptr, wanted, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  if (pages == MAP_FAILED) throw std::bad_alloc();
  data_ = static_cast<char*>(pages);
  mapped_ = wanted;
}

void FileText::SetSize(std::size_t size) {
  size_ = size;
  std::fill_n(data_ + size, kRoom, '\0');
}

void FileText::Drop(std::size_t begin, std::size_t end) const {
  const std::size_t first = RoundUp(begin, kPage), last = end / kPage * kPage;
  if (first < last) madvise(data_ + first, last - first, MADV_DONTNEED);
}

}  // namespace guardrails
