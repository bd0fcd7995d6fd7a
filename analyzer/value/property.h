// A value together with the path by which a rule reached it.
//
// A rule reads resource["networkConfiguration"]["assignPublicIp"] and can then say both what was found and
// where, also when nothing was there. Copies cheaply; valid while the stack lives.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "analyzer/value/path.h"
#include "analyzer/value/value.h"

namespace guardrails {

class Property {
 public:
  Property(Path path, Value value) : path_(std::move(path)), value_(value) {}

  const Path& path() const { return path_; }
  const Value& value() const { return value_; }

  Property operator[](std::string_view key) const { return {path_ / key, value_[key]}; }

  bool absent() const { return value_.absent(); }
  bool unknown() const { return value_.unknown(); }
  bool secret() const { return value_.secret(); }

  Reading<bool> ReadBool() const { return value_.ReadBool(); }
  Reading<double> ReadNumber() const { return value_.ReadNumber(); }
  Reading<std::string_view> ReadString() const { return value_.ReadString(); }
  // The elements of a list, each with its path and the list's secrecy.
  Reading<std::vector<Property>> ReadList() const;
  // The members of an object, each with its path and the object's secrecy.
  Reading<std::vector<std::pair<std::string_view, Property>>> ReadObject() const;

 private:
  Path path_;
  Value value_;
};

}  // namespace guardrails
