#include "policies/aws/private_subnets.h"

#include <algorithm>

#include "analyzer/model/references.h"
#include "policies/aws/network.h"
#include "policies/aws/reads.h"
#include "policies/aws/targets.h"

namespace fastcart {
namespace {

using namespace guardrails;

std::vector<const Resource*> ByUrn(std::vector<const Resource*> resources) {
  std::sort(resources.begin(), resources.end(), [](const Resource* a, const Resource* b) { return a->urn < b->urn; });
  return resources;
}

// Subnets by the reason that they share, in the order of their coming.
class Reasons {
 public:
  void Add(const Text& who, const Text& why) {
    const auto at = std::find_if(groups_.begin(), groups_.end(), [&why](const Group& g) { return g.why.str() == why.str(); });
    (at == groups_.end() ? groups_.emplace_back(Group{why, {}}) : *at).who.push_back(who);
  }
  Text Said() const {
    return JoinText(groups_, [](const Group& g) {
      return JoinText(g.who, [](const Text& who) { return who; }) + " (" + g.why + ")";
    });
  }

 private:
  struct Group {
    Text why;
    std::vector<Text> who;
  };
  std::vector<Group> groups_;
};

class Judge {
 public:
  Judge(const Stack& stack, const std::vector<std::string>& listed)
      : stack_(stack), network_(stack.Knowledge<Network>()), listed_(listed) {}

  SubnetsVerdict Run(const Resource& from, const Property& list) {
    const auto read = list.ReadList();
    const auto* elements = IfKnown(read);
    const bool names_any = elements && !std::all_of(elements->begin(), elements->end(), IsBlank);
    if (!list.unknown() && !names_any) return {.none = true, .wrong = {}, .open = {}};
    const References found = ResolveAll(stack_, from, list, kSubnets);
    for (const Resource* r : ByUrn(found.resources)) Add(Text::Name(*r), network_.Of(*r));
    for (const Property& p : found.outside) Outside(p);
    for (const Property& p : found.mistyped) wrong_.Add(Text::Of(p.value()), "not the id of a subnet");
    const bool all_listed = elements && std::all_of(elements->begin(), elements->end(), [this](auto& p) { return Listed(p); });
    if (found.unknown && !all_listed) Perhaps(found);
    return {.wrong = wrong_.Said(), .open = open_.Said(), .missing = missing_};
  }

 private:
  void Add(const Text& who, const SubnetAnswer& answer) {
    if (answer.exposure == Exposure::kPublic) wrong_.Add(who, answer.why);
    if (answer.exposure == Exposure::kUnknown) open_.Add(who, answer.why);
    missing_ = missing_ || answer.missing;
  }

  bool Listed(const Property& id) const {
    return std::find(listed_.begin(), listed_.end(), id.value().raw_string()) != listed_.end();
  }

  void Outside(const Property& id) {
    const auto read = stack_.KnownBy(kSubnets, id.value().raw_string());
    const SubnetAnswer answer =
        read.empty() ? network_.OfOutside(id.value().raw_string()) : network_.Of(*read.front());
    if (answer.exposure == Exposure::kUnknown && Listed(id)) return;
    Add(id.value().known() ? Text::Of(id.value()) : Text("a subnet that the stack does not show"), answer);
  }

  // Some of the list is known by its candidates only: enough where they are all alike.
  void Perhaps(const References& found) {
    const auto candidates = ByUrn(found.candidates);
    const Text names = JoinFew(candidates, [](const Resource* r) { return Text::Name(*r); });
    if (found.bounded && All(candidates, Exposure::kPrivate)) return;
    if (found.bounded && All(candidates, Exposure::kPublic))
      return wrong_.Add(Text("one or more of ") + names, network_.Of(*candidates.front()).why);
    missing_ = missing_ || stack_.facts().partial;
    open_.Add("subnets that cannot be told before the update",
              candidates.empty() ? Text("no resource of the stack says which") : Text("perhaps ") + names);
  }

  bool All(const std::vector<const Resource*>& subnets, Exposure exposure) const {
    return std::all_of(subnets.begin(), subnets.end(), [&](auto* r) { return network_.Of(*r).exposure == exposure; });
  }

  const Stack& stack_;
  const Network& network_;
  const std::vector<std::string>& listed_;
  Reasons wrong_, open_;
  bool missing_ = false;
};

}  // namespace

SubnetsVerdict JudgeSubnets(const Stack& stack, const Resource& from, const Property& list,
                            const std::vector<std::string>& listed) {
  return Judge(stack, listed).Run(from, list);
}

}  // namespace fastcart
