#include "analyzer/value/property.h"

namespace guardrails {
namespace {

Value Inherit(const Value& parent, const Value& child) { return parent.secret() ? child.AsSecret() : child; }

}  // namespace

Reading<std::vector<Property>> Property::ReadList() const {
  return std::visit(Overloaded{
                        [](auto other) -> Reading<std::vector<Property>> { return other; },
                        [this](Known<std::span<const Value>> list) -> Reading<std::vector<Property>> {
                          std::vector<Property> out;
                          out.reserve(list.value.size());
                          for (const Value& v : list.value) out.emplace_back(path_ / out.size(), Inherit(value_, v));
                          return Known<std::vector<Property>>{std::move(out)};
                        },
                    },
                    value_.ReadList());
}

Reading<std::vector<std::pair<std::string_view, Property>>> Property::ReadObject() const {
  using Members = std::vector<std::pair<std::string_view, Property>>;
  return std::visit(Overloaded{
                        [](auto other) -> Reading<Members> { return other; },
                        [this](Known<std::span<const Member>> object) -> Reading<Members> {
                          Members out;
                          out.reserve(object.value.size());
                          // A key inside a secret is as secret as what it names.
                          for (const Member& m : object.value) {
                            const std::string_view shown = value_.secret() ? std::string_view("[secret]") : m.key;
                            out.emplace_back(m.key, Property(path_ / shown, Inherit(value_, m.value)));
                          }
                          return Known<Members>{std::move(out)};
                        },
                    },
                    value_.ReadObject());
}

}  // namespace guardrails
