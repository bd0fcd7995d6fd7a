#include "analyzer/report/graphviz.h"

#include <dlfcn.h>
#include <graphviz/gvc.h>

#include <memory>
#include <string_view>

namespace guardrails {
namespace {

// Its functions, with the types of its header, whose version is that of the library's name.
class Graphviz {
 public:
  Graphviz() : library_(dlopen("libgvc.so.6", RTLD_NOW | RTLD_LOCAL)) {
    complete_ = library_ && Find("agmemread", read_) && Find("agclose", close_) && Find("gvContext", context_) &&
                Find("gvLayout", layout_) && Find("gvRenderData", render_) && Find("gvFreeRenderData", free_text_) &&
                Find("gvFreeLayout", free_layout_);
    // One for the process: its Pango plugin compares each font with the last one, whose name a freed context took along.
    if (complete_) context_of_all_ = context_();
  }

  absl::StatusOr<std::string> Svg(const std::string& dot) const {
    if (!complete_) return absl::UnavailableError("Graphviz is not installed (Debian package libgvc6)");
    const std::unique_ptr<graph_t, decltype(close_)> graph(read_(dot.c_str()), close_);
    if (!context_of_all_ || !graph || layout_(context_of_all_, graph.get(), "dot") != 0) return Failed();
    char* text = nullptr;
    unsigned int size = 0;
    const bool rendered = render_(context_of_all_, graph.get(), "svg", &text, &size) == 0;
    const std::string svg = rendered && text ? std::string(text, size) : "";
    if (text) free_text_(text);
    free_layout_(context_of_all_, graph.get());
    const auto begin = svg.find("<svg"), end = svg.rfind("</svg>");
    if (begin == std::string::npos || end == std::string::npos) return Failed();
    return svg.substr(begin, end - begin + std::string_view("</svg>").size());
  }

 private:
  template <class Function>
  bool Find(const char* name, Function*& out) {
    out = reinterpret_cast<Function*>(dlsym(library_, name));
    return out != nullptr;
  }
  static absl::Status Failed() { return absl::InternalError("Graphviz could not lay the picture out"); }

  void* library_;
  bool complete_ = false;
  decltype(&::agmemread) read_ = nullptr;
  decltype(&::agclose) close_ = nullptr;
  decltype(&::gvContext) context_ = nullptr;
  decltype(&::gvLayout) layout_ = nullptr;
  decltype(&::gvRenderData) render_ = nullptr;
  decltype(&::gvFreeRenderData) free_text_ = nullptr;
  decltype(&::gvFreeLayout) free_layout_ = nullptr;
  GVC_t* context_of_all_ = nullptr;
};

}  // namespace

absl::StatusOr<std::string> LayoutAsSvg(const std::string& dot) {
  static const Graphviz graphviz;
  return graphviz.Svg(dot);
}

}  // namespace guardrails
