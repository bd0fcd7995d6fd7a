#include "policies/aws/network.h"

#include <algorithm>
#include <deque>
#include <unordered_map>
#include <vector>

#include "analyzer/model/references.h"
#include "policies/aws/reads.h"
#include "policies/aws/routes.h"
#include "policies/aws/targets.h"
#include "policies/aws/vpc.h"

namespace fastcart {
namespace {

using namespace guardrails;

const Target kRoutes{.types = {"aws:ec2/route:Route", "aws-native:ec2:Route"}, .known_by = {}};
const Target kAssociations{
    .types = {"aws:ec2/routeTableAssociation:RouteTableAssociation", "aws-native:ec2:SubnetRouteTableAssociation"},
    .known_by = {}};
constexpr std::string_view kMainAssociation = "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation";
constexpr std::string_view kDefaultTable = "aws:ec2/defaultRouteTable:DefaultRouteTable";
constexpr std::string_view kDefaultSubnet = "aws:ec2/defaultSubnet:DefaultSubnet";

struct Table {
  const Resource* resource = nullptr;  // null: a main table that the stack does not name, or one outside of it
  const Resource* main_of = nullptr;   // the VPC that it came with
  bool outside = false;                // it has routes that the stack does not show
  std::vector<Route> routes, perhaps;  // `perhaps`: whose table cannot be told
};

// One of the tables; `anywhere`: or any other, as it is where there are too many to choose from.
struct Choice {
  std::vector<Table*> tables;
  bool anywhere = false;

  void Add(const Choice& other) {
    for (Table* t : other.tables) Add(t);
    anywhere = anywhere || other.anywhere;
  }
  void Add(Table* table) {
    constexpr std::size_t kMost = 100;
    if (std::find(tables.begin(), tables.end(), table) != tables.end()) return;
    if (tables.size() < kMost) return tables.push_back(table);
    anywhere = true;
  }
  bool certain() const { return tables.size() == 1 && !anywhere; }
};

Text TableName(const Table& table) {
  if (table.resource) return Text("route table ") + Text::Name(*table.resource);
  if (table.main_of) return Text("the main route table of ") + Text::Name(*table.main_of);
  return "the route table";
}

Text RouteName(const Route& route) {
  if (route.path.empty()) return Text("the route ") + Text::Name(*route.by);
  return Text("the route at ") + Text::Where(route.path);
}

bool Before(const Route& a, const Route& b) {
  return a.by->urn != b.by->urn ? a.by->urn < b.by->urn : a.path.ToString() < b.path.ToString();
}

// The first in a stable order that leads there, or nullptr.
const Route* First(const std::vector<Route>& routes, Leads leads) {
  const Route* first = nullptr;
  for (const Route& r : routes)
    if (r.leads == leads && (!first || Before(r, *first))) first = &r;
  return first;
}

SubnetAnswer Public(const Table& table, const Route& route) {
  const Text to = route.gateway ? Text("the internet gateway ") + Text::Name(*route.gateway) : Text("an internet gateway");
  return {Exposure::kPublic, TableName(table) + " has " + RouteName(route) + " to " + to, false};
}

SubnetAnswer Open(Text why) { return {Exposure::kUnknown, std::move(why), false}; }

SubnetAnswer Missing() { return {Exposure::kUnknown, "the preview leaves out unchanged resources", true}; }

const Route* FirstOpening(const std::vector<Route>& routes) {
  const Route* r = First(routes, Leads::kInternet);
  return r ? r : First(routes, Leads::kUnknown);
}

bool IsEverywhere(const Route& route) { return route.ipv4.known() && route.ipv4.raw_string() == "0.0.0.0/0"; }
bool MayBeDefault(const Route& route) { return route.ipv4.unknown() || IsEverywhere(route); }

}  // namespace

class Network::Map {
 public:
  explicit Map(const Stack& stack) : stack_(stack) {
    for (const Resource* r : stack.OfTypes(kRouteTables)) {
      by_resource_[r] = AddTable({.resource = r, .outside = r->external, .routes = InlineRoutes(stack, *r), .perhaps = {}});
    }
    NoteDefaultIds();
    for (const Resource* r : stack.OfType(kDefaultTable)) AdoptDefault(*r);
    for (const Resource* r : stack.OfTypes(kVpcs)) AddDefault(*r);
    for (const Resource* r : stack.OfType(kMainAssociation)) AddMain(*r);
    for (const Resource* r : stack.OfTypes(kRoutes)) AddRoute(*r);
    opens_any_table_ = FirstOpening(of_any_table_);
    defaults_any_table_ = std::any_of(of_any_table_.begin(), of_any_table_.end(), MayBeDefault);
    for (const Resource* r : stack.OfTypes(kAssociations)) AddAssociation(*r);
  }

  bool partial() const { return stack_.facts().partial; }
  Property Asked(const Resource& r, std::string_view property) const { return guardrails::Asked(stack_, r, property); }

  // The table that the subnet uses, told from associations only.
  Choice AssociatedWith(std::string_view urn, std::string_view id) const {
    Choice out;
    for (const std::string_view key : {urn, id})
      if (const auto at = associated_.find(key); !key.empty() && at != associated_.end()) out.Add(at->second);
    return out;
  }

  Choice EffectiveOf(const Resource& subnet) const {
    Choice out = AssociatedWith(subnet.urn, subnet.id.raw_string());
    if (!out.tables.empty() || out.anywhere) return out;
    if (const auto at = maybe_associated_.find(subnet.urn); at != maybe_associated_.end()) out.Add(at->second);
    out.Add(of_any_subnet_);
    out.Add(MainOf(VpcNamed(stack_, subnet, "vpcId")));
    return out;
  }

  SubnetAnswer Judge(const Choice& choice) const {
    if (choice.anywhere || choice.tables.empty()) return Open("which route table is used is not known");
    std::vector<SubnetAnswer> answers;
    for (const Table* t : choice.tables) answers.push_back(Judge(*t));
    const auto same = [&answers](const SubnetAnswer& a) { return a.exposure == answers.front().exposure; };
    if (!std::all_of(answers.begin(), answers.end(), same))
      return Open("which of several route tables is used is not known");
    return *std::min_element(answers.begin(), answers.end(),
                             [](const auto& a, const auto& b) { return a.why.str() < b.why.str(); });
  }

  DefaultRoute DefaultIn(const Choice& choice) const {
    if (choice.anywhere || choice.tables.empty()) return {};
    const DefaultRoute first = DefaultIn(*choice.tables.front());
    for (const Table* t : choice.tables)
      if (const DefaultRoute other = DefaultIn(*t); other.state != first.state || other.nat != first.nat) return {};
    return first;
  }

 private:
  SubnetAnswer Judge(const Table& table) const {
    if (const Route* r = First(table.routes, Leads::kInternet)) return Public(table, *r);
    if (table.outside) return Open(TableName(table) + " is not managed by the stack");
    if (const Route* r = First(table.routes, Leads::kUnknown))
      return Open(Text("where ") + RouteName(*r) + " of " + TableName(table) + " leads is not known");
    const Route* perhaps = FirstOpening(table.perhaps);
    if (!perhaps) perhaps = opens_any_table_;
    if (perhaps) return Open(RouteName(*perhaps) + " may belong to " + TableName(table));
    if (partial()) return Missing();
    return {Exposure::kPrivate, TableName(table) + " has no route to an internet gateway", false};
  }

  DefaultRoute DefaultIn(const Table& table) const {
    using State = DefaultRoute::State;
    bool open = table.outside || partial();
    for (const Route& r : table.routes) {
      if (IsEverywhere(r)) return Default(r);
      open = open || r.ipv4.unknown() || (r.to_prefix_list && r.leads == Leads::kNat);
    }
    open = open || defaults_any_table_ || std::any_of(table.perhaps.begin(), table.perhaps.end(), MayBeDefault);
    return {open ? State::kUnknown : State::kNone, nullptr};
  }

  static DefaultRoute Default(const Route& route) {
    using State = DefaultRoute::State;
    switch (route.leads) {
      case Leads::kNat: return {route.outside ? State::kElsewhere : State::kNat, route.gateway};
      case Leads::kUnknown: return {State::kUnknown, nullptr};
      case Leads::kInternet:
      case Leads::kElsewhere: break;
    }
    return {State::kElsewhere, nullptr};
  }

  // The VPC whose output the property is, if it is one's.
  const Resource* VpcBehind(const Resource& from, const Property& at) const {
    if (const auto known = default_ids_.find(at.value().raw_string()); known != default_ids_.end()) return known->second;
    const Edges edges = EdgeTargets(stack_, from, at.path().root(), kVpcs);
    const bool only = edges.resources.size() == 1 && edges.some_of.empty() && !edges.dangling;
    return at.unknown() && only ? edges.resources.front() : nullptr;
  }

  void AdoptDefault(const Resource& table) {
    const Resource* vpc = VpcBehind(table, Asked(table, "defaultRouteTableId"));
    if (!vpc) vpc = VpcNamed(stack_, table, "vpcId").vpc;
    Table* adopted = by_resource_[&table];
    if (vpc) {
      adopted->main_of = vpc;
      defaults_[vpc] = adopted;
    } else {
      main_of_any_.Add({{adopted}, false});
    }
  }

  void NoteDefaultIds() {
    for (const Resource* vpc : stack_.OfTypes(kVpcs))
      for (const char* name : {"defaultRouteTableId", "mainRouteTableId"})
        if (const std::string_view id = vpc->outputs[name].raw_string(); !id.empty()) default_ids_.emplace(id, vpc);
  }

  void AddDefault(const Resource& vpc) {
    if (defaults_.contains(&vpc)) return;
    // AWS gives the default VPC's table a route to its internet gateway, which the stack does not show.
    const bool outside = vpc.external || vpc.type == "aws:ec2/defaultVpc:DefaultVpc";
    defaults_[&vpc] = AddTable({.main_of = &vpc, .outside = outside, .routes = {}, .perhaps = {}});
  }

  void AddMain(const Resource& association) {
    const VpcReference vpc = VpcNamed(stack_, association, "vpcId");
    const Choice tables = TablesNamed(association);
    if (vpc.vpc) {
      mains_[vpc.vpc->urn].Add(tables);
    } else if (!vpc.outside.empty()) {
      mains_[vpc.outside].Add(tables);
    } else {
      main_of_any_.Add(tables);
    }
  }

  Choice MainOf(const VpcReference& vpc) const {
    Choice out;
    const auto chosen = mains_.find(vpc.vpc ? vpc.vpc->urn : vpc.outside);
    if (chosen != mains_.end()) {
      out = chosen->second;
    } else if (const auto own = defaults_.find(vpc.vpc); own != defaults_.end()) {
      out.tables.push_back(own->second);
    } else if (vpc.state == VpcReference::State::kOutside) {
      out.tables.push_back(outside_main_);
    } else {
      out.anywhere = true;
    }
    out.Add(main_of_any_);
    return out;
  }

  // What the routeTableId names.
  Choice TablesNamed(const Resource& from) {
    const Property at = Asked(from, "routeTableId");
    const References found = ResolveAll(stack_, from, at, kRouteTables);
    Choice out;
    const std::string_view id = at.value().raw_string();
    if (default_ids_.contains(id) && stack_.KnownBy(kRouteTables, id).empty()) return TablesBehind(from, at, found);
    for (const auto* list : {&found.resources, &found.candidates})
      for (const Resource* r : *list) out.Add({{by_resource_.at(r)}, false});
    if (out.tables.empty()) return TablesBehind(from, at, found);
    out.anywhere = out.anywhere || (found.unknown && !found.bounded);
    return out;
  }

  Choice TablesBehind(const Resource& from, const Property& at, const References& found) {
    if (const Resource* vpc = VpcBehind(from, at)) {
      Choice out{{defaults_.at(vpc)}, false};
      // Where another table is made the main one, the VPC's output may be either.
      if (const auto chosen = mains_.find(vpc->urn); at.unknown() && chosen != mains_.end()) out.Add(chosen->second);
      return out;
    }
    if (at.absent()) {  // mocks drop a VPC's outputs, which they do not know
      Choice out;
      for (const auto& [vpc, table] : defaults_)
        if (!out.anywhere) out.Add(table);
      return out.tables.empty() ? Choice{{}, true} : out;
    }
    if (found.unknown || found.outside.empty()) return {{}, true};
    const auto read = stack_.KnownBy(kRouteTables, at.value().raw_string());
    if (!read.empty()) return {{by_resource_.at(read.front())}, false};
    return {{OutsideTable(at.value().raw_string())}, false};
  }

  Table* AddTable(Table table) { return &tables_.emplace_back(std::move(table)); }

  Table* OutsideTable(std::string_view id) {
    Table*& table = outside_tables_[id];
    if (!table) table = AddTable({.outside = true, .routes = {}, .perhaps = {}});
    return table;
  }

  void AddRoute(const Resource& resource) {
    const Route route = SeparateRoute(stack_, resource);
    const Choice to = TablesNamed(resource);
    if (to.anywhere) of_any_table_.push_back(route);
    for (Table* table : to.tables) (to.certain() ? table->routes : table->perhaps).push_back(route);
  }

  void AddAssociation(const Resource& association) {
    const Property subnet = Asked(association, "subnetId");
    if (IsBlank(subnet) && !IsBlank(Asked(association, "gatewayId"))) return;  // of a gateway
    const References found = ResolveAll(stack_, association, subnet, kSubnets);
    const Choice tables = TablesNamed(association);
    const bool one = !found.unknown && found.resources.size() + found.outside.size() == 1;
    for (const auto* list : {&found.resources, &found.candidates})
      for (const Resource* r : *list) (one ? associated_ : maybe_associated_)[r->urn].Add(tables);
    if (one && !found.outside.empty()) associated_[subnet.value().raw_string()].Add(tables);
    if (found.absent || (found.unknown && !found.bounded)) of_any_subnet_.Add(tables);
  }

  const Stack& stack_;
  std::deque<Table> tables_;  // stay where they are
  Table* const outside_main_ = AddTable({.outside = true, .routes = {}, .perhaps = {}});
  std::unordered_map<const Resource*, Table*> by_resource_;
  std::unordered_map<std::string_view, Table*> outside_tables_;             // by id
  std::unordered_map<std::string_view, const Resource*> default_ids_;       // of VPCs, by the id of the table
  std::unordered_map<const Resource*, Table*> defaults_;                    // by VPC
  std::unordered_map<std::string_view, Choice> mains_;                      // by URN or id of the VPC
  std::unordered_map<std::string_view, Choice> associated_, maybe_associated_;  // by URN or id of the subnet
  Choice main_of_any_, of_any_subnet_;
  std::vector<Route> of_any_table_;
  const Route* opens_any_table_ = nullptr;  // the first of these that leads to the internet, or nobody knows where
  bool defaults_any_table_ = false;         // one of these may be a default route
};

Network::Network(const Stack& stack) : map_(std::make_unique<const Map>(stack)) {}
Network::~Network() = default;

SubnetAnswer Network::ByRoutes(const Resource& subnet) const {
  const bool associated = map_->AssociatedWith(subnet.urn, subnet.id.raw_string()).certain();
  if (map_->partial() && !associated) return Missing();
  SubnetAnswer routes = map_->Judge(map_->EffectiveOf(subnet));
  // What the stack does not manage may have routes that it does not show.
  if (subnet.external && routes.exposure == Exposure::kPrivate) return Open("not managed by the stack");
  return routes;
}

SubnetAnswer Network::Of(const Resource& subnet) const {
  const Property maps = map_->Asked(subnet, "mapPublicIpOnLaunch");
  const bool absent_is = subnet.type == kDefaultSubnet;  // what AWS gives the subnets of the default VPC
  const bool on = maps.absent() ? absent_is : maps.value().known() && !SameKnown(maps.value(), Value::Bool(false));
  if (on) return {Exposure::kPublic, "mapPublicIpOnLaunch is not false", false};
  SubnetAnswer routes = ByRoutes(subnet);
  if (routes.exposure != Exposure::kPrivate) return routes;
  if (maps.unknown()) return Open("mapPublicIpOnLaunch is not known");
  return routes;
}

SubnetAnswer Network::OfOutside(std::string_view id) const {
  const SubnetAnswer routes = map_->Judge(map_->AssociatedWith({}, id));
  return routes.exposure == Exposure::kPublic ? routes : Open("not managed by the stack");
}

DefaultRoute Network::DefaultRouteOf(const Resource& subnet) const { return map_->DefaultIn(map_->EffectiveOf(subnet)); }

}  // namespace fastcart
