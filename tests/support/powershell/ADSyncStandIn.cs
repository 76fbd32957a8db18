// The stand-in's types and cmdlets; ADSyncStandIn.psm1 says what it is and compiles this.
//
// Comments say "not known" where nobody outside Microsoft has told what the real cmdlets do there;
// the stand-in then does the plainest thing. Its texts and identifiers of errors are its own, but
// for the text of an unknown connector.

using System;
using System.Collections;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading;

// ---- Rules --------------------------------------------------------------------------------------

namespace Microsoft.IdentityManagement.PowerShell.ObjectModel
{
    public enum SynchronizationRuleDirection { Inbound, Outbound }
    public enum SyncRuleLinkType { Join, Provision, StickyJoin, JoinNoFlow }
    public enum AttributeMappingFlowType { Direct, Constant, Expression }
    public enum AttributeValueMergeType { Update, Replace, Merge, MergeCaseInsensitive }

    public class AttributeFlowMapping
    {
        public string[] Source { get; set; }
        public string Destination { get; set; }
        public AttributeMappingFlowType FlowType { get; set; }
        public AttributeValueMergeType? ValueMergeType { get; set; }
        public bool ExecuteOnce { get; set; }
        public string Expression { get; set; }

        public AttributeFlowMapping Copy()
        {
            var copy = (AttributeFlowMapping)MemberwiseClone();
            copy.Source = Source == null ? null : (string[])Source.Clone();
            return copy;
        }
    }

    public class ScopeCondition
    {
        private static readonly string[] Operators =
        {
            "EQUAL", "NOTEQUAL", "LESSTHAN", "LESSTHAN_OR_EQUAL", "CONTAINS", "NOTCONTAINS",
            "STARTSWITH", "NOTSTARTSWITH", "ENDSWITH", "NOTENDSWITH", "GREATERTHAN",
            "GREATERTHAN_OR_EQUAL", "ISNULL", "ISNOTNULL", "ISIN", "ISNOTIN", "ISBITSET",
            "ISBITNOTSET", "ISMEMBEROF", "ISNOTMEMBEROF",
        };

        public ScopeCondition(string attribute, string comparisonValue, string comparisonOperator)
        {
            if (!Operators.Contains(comparisonOperator, StringComparer.OrdinalIgnoreCase))
                throw new ArgumentException("'" + comparisonOperator + "' is no operator.");
            Attribute = attribute;
            ComparisonValue = comparisonValue;
            ComparisonOperator = comparisonOperator;
        }

        public string Attribute { get; private set; }
        public string ComparisonValue { get; private set; }
        public string ComparisonOperator { get; private set; }
    }

    public class JoinCondition
    {
        public JoinCondition(string csAttribute, string mvAttribute, bool caseSensitive)
        {
            CSAttribute = csAttribute;
            MVAttribute = mvAttribute;
            CaseSensitive = caseSensitive;
        }

        public string CSAttribute { get; private set; }
        public string MVAttribute { get; private set; }
        public bool CaseSensitive { get; private set; }
    }

    public class ScopeConditionGroup
    {
        public List<ScopeCondition> ScopeConditionList { get; set; }
    }

    public class JoinConditionGroup
    {
        public List<JoinCondition> JoinConditionList { get; set; }
    }

    public class SynchronizationRule
    {
        public string Name { get; set; }
        public Guid Identifier { get; set; }
        public string Description { get; set; }
        public SynchronizationRuleDirection Direction { get; set; }
        public int? Precedence { get; set; }
        public Guid PrecedenceAfter { get; set; }
        public Guid PrecedenceBefore { get; set; }
        public string SourceObjectType { get; set; }
        public string TargetObjectType { get; set; }
        public Guid Connector { get; set; }
        public SyncRuleLinkType? LinkType { get; set; }
        public TimeSpan? SoftDeleteExpiryInterval { get; set; }
        public string ImmutableTag { get; set; }
        public bool EnablePasswordSync { get; set; }
        public bool Disabled { get; set; }
        public List<AttributeFlowMapping> AttributeFlowMappings { get; set; }
        public List<ScopeConditionGroup> ScopeFilter { get; set; }
        public List<JoinConditionGroup> JoinFilter { get; set; }

        public bool IsStandardRule
        {
            get
            {
                return (ImmutableTag ?? "").StartsWith(
                    "Microsoft.", StringComparison.OrdinalIgnoreCase);
            }
        }

        public SynchronizationRule()
        {
            AttributeFlowMappings = new List<AttributeFlowMapping>();
            ScopeFilter = new List<ScopeConditionGroup>();
            JoinFilter = new List<JoinConditionGroup>();
        }

        // The conditions of a group do not change, nor do groups once they are in a rule.
        public SynchronizationRule Copy()
        {
            var copy = (SynchronizationRule)MemberwiseClone();
            copy.AttributeFlowMappings = AttributeFlowMappings.Select(f => f.Copy()).ToList();
            copy.ScopeFilter = ScopeFilter.ToList();
            copy.JoinFilter = JoinFilter.ToList();
            return copy;
        }
    }
}

namespace ADSyncStandIn
{
    using Microsoft.IdentityManagement.PowerShell.ObjectModel;

    // ---- The server -----------------------------------------------------------------------------

    // The names of these types, and whether the properties of a connector are texts: not known.
    public class Connector
    {
        public string Name { get; set; }
        public Guid Identifier { get; set; }
        public string Type { get; set; }
        public string Subtype { get; set; }
        public string ConnectorTypeName { get { return Type; } }

        public Connector Copy() { return (Connector)MemberwiseClone(); }
    }

    public class ConnectorOverride
    {
        public Guid ConnectorIdentifier { get; set; }
        public string ConnectorName { get; set; }
        public bool FullImportRequired { get; set; }
        public bool FullSyncRequired { get; set; }

        public ConnectorOverride Copy() { return (ConnectorOverride)MemberwiseClone(); }
    }

    public enum SyncCyclePolicyType { Unspecified, Delta, Initial }

    public class Scheduler
    {
        public TimeSpan AllowedSyncCycleInterval { get { return TimeSpan.FromMinutes(30); } }
        public TimeSpan CurrentlyEffectiveSyncCycleInterval
        {
            get { return CustomizedSyncCycleInterval ?? AllowedSyncCycleInterval; }
        }
        public TimeSpan? CustomizedSyncCycleInterval { get; set; }
        public SyncCyclePolicyType NextSyncCyclePolicyType { get; set; }
        // Always the same, so that two runs see the same server.
        public DateTime NextSyncCycleStartTimeInUTC
        {
            get { return new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc); }
        }
        public TimeSpan PurgeRunHistoryInterval { get; set; }
        public bool SyncCycleEnabled { get; set; }
        public bool MaintenanceEnabled { get; set; }
        public bool StagingModeEnabled { get; set; }
        public bool SchedulerSuspended { get { return false; } }
        public bool SyncCycleInProgress { get; set; }

        public Scheduler()
        {
            NextSyncCyclePolicyType = SyncCyclePolicyType.Delta;
            PurgeRunHistoryInterval = TimeSpan.FromDays(7);
            SyncCycleEnabled = true;
            MaintenanceEnabled = true;
            StagingModeEnabled = true;
        }

        public Scheduler Copy() { return (Scheduler)MemberwiseClone(); }
    }

    public static class Server
    {
        public static readonly List<SynchronizationRule> Rules = new List<SynchronizationRule>();
        public static readonly List<Connector> Connectors = new List<Connector>();
        public static readonly List<ConnectorOverride> Overrides = new List<ConnectorOverride>();
        public static Scheduler Scheduler = new Scheduler();
        // For tests of what was bound: a rule keeps its references, and they place it nowhere.
        public static bool KeepsReferences;

        public static void Clear()
        {
            Rules.Clear();
            Connectors.Clear();
            Overrides.Clear();
            Scheduler = new Scheduler();
            KeepsReferences = false;
        }

        public static SynchronizationRule Rule(Guid identifier)
        {
            return Rules.Find(r => r.Identifier == identifier);
        }

        // Takes the place of a rule of the same identifier.
        public static void Put(SynchronizationRule rule)
        {
            var at = Rules.FindIndex(r => r.Identifier == rule.Identifier);
            if (at < 0) Rules.Add(rule);
            else Rules[at] = rule;
        }

        public static void Put(Connector connector)
        {
            Connectors.RemoveAll(c => c.Identifier == connector.Identifier);
            Connectors.Add(connector);
            Overrides.RemoveAll(o => o.ConnectorIdentifier == connector.Identifier);
            Overrides.Add(new ConnectorOverride
            {
                ConnectorIdentifier = connector.Identifier,
                ConnectorName = connector.Name,
            });
        }

        public static ConnectorOverride Override(Guid connector)
        {
            return Overrides.Find(o => o.ConnectorIdentifier == connector);
        }

        // Whether a rule that moves to another connector marks the one it leaves: not known; no.
        public static void RequireFullSync(SynchronizationRule rule)
        {
            var found = Override(rule.Connector);
            if (found != null) found.FullSyncRequired = true;
        }
    }

    // ---- The store: the server as a file --------------------------------------------------------

    public static class Store
    {
        private static string path;

        public static void Open(string file)
        {
            path = null;
            Server.Clear();
            var isThere = File.Exists(file);
            if (isThere) Load(file);
            path = file;
            if (!isThere) Save();
        }

        public static void Close() { path = null; }

        // Beside it, then renamed: whoever is killed here leaves the old state or the new one.
        public static void Save()
        {
            if (path == null) return;
            var beside = path + ".new";
            File.WriteAllText(beside, Json.Of(Records.Server()));
            File.Move(beside, path, true);
        }

        private static void Load(string file)
        {
            using (var document = JsonDocument.Parse(File.ReadAllText(file)))
                Records.ReadServer(document.RootElement);
        }
    }

    // What the store and Get-ADSyncStandInRecord hold, and the way back.
    public static class Records
    {
        public static object Server()
        {
            return new object[,]
            {
                { "rules", Rules() },
                { "connectors", ADSyncStandIn.Server.Connectors.Select(Record) },
                { "scheduler", Record(ADSyncStandIn.Server.Scheduler) },
                { "overrides", ADSyncStandIn.Server.Overrides.Select(Record) },
            };
        }

        public static object Rules() { return ADSyncStandIn.Server.Rules.Select(Record); }

        private static object Record(SynchronizationRule rule)
        {
            return new object[,]
            {
                { "Name", rule.Name },
                { "Identifier", rule.Identifier },
                { "Description", rule.Description },
                { "Direction", rule.Direction },
                { "Precedence", rule.Precedence },
                { "PrecedenceAfter", rule.PrecedenceAfter },
                { "PrecedenceBefore", rule.PrecedenceBefore },
                { "SourceObjectType", rule.SourceObjectType },
                { "TargetObjectType", rule.TargetObjectType },
                { "Connector", rule.Connector },
                { "LinkType", rule.LinkType },
                { "SoftDeleteExpiryInterval", Ticks(rule.SoftDeleteExpiryInterval) },
                { "ImmutableTag", rule.ImmutableTag },
                { "EnablePasswordSync", rule.EnablePasswordSync },
                { "Disabled", rule.Disabled },
                { "AttributeFlowMappings", rule.AttributeFlowMappings.Select(Record) },
                { "ScopeFilter",
                    rule.ScopeFilter.Select(g => g.ScopeConditionList.Select(Record)) },
                { "JoinFilter",
                    rule.JoinFilter.Select(g => g.JoinConditionList.Select(Record)) },
            };
        }

        private static object Record(AttributeFlowMapping flow)
        {
            return new object[,]
            {
                { "Source", flow.Source },
                { "Destination", flow.Destination },
                { "FlowType", flow.FlowType },
                { "ValueMergeType", flow.ValueMergeType },
                { "ExecuteOnce", flow.ExecuteOnce },
                { "Expression", flow.Expression },
            };
        }

        private static object Record(ScopeCondition condition)
        {
            return new object[,]
            {
                { "Attribute", condition.Attribute },
                { "ComparisonValue", condition.ComparisonValue },
                { "ComparisonOperator", condition.ComparisonOperator },
            };
        }

        private static object Record(JoinCondition condition)
        {
            return new object[,]
            {
                { "CSAttribute", condition.CSAttribute },
                { "MVAttribute", condition.MVAttribute },
                { "CaseSensitive", condition.CaseSensitive },
            };
        }

        private static object Record(Connector connector)
        {
            return new object[,]
            {
                { "Name", connector.Name },
                { "Identifier", connector.Identifier },
                { "Type", connector.Type },
                { "Subtype", connector.Subtype },
            };
        }

        private static object Record(Scheduler scheduler)
        {
            return new object[,]
            {
                { "CustomizedSyncCycleInterval", Ticks(scheduler.CustomizedSyncCycleInterval) },
                { "NextSyncCyclePolicyType", scheduler.NextSyncCyclePolicyType },
                { "PurgeRunHistoryInterval", Ticks(scheduler.PurgeRunHistoryInterval) },
                { "SyncCycleEnabled", scheduler.SyncCycleEnabled },
                { "MaintenanceEnabled", scheduler.MaintenanceEnabled },
                { "StagingModeEnabled", scheduler.StagingModeEnabled },
                { "SyncCycleInProgress", scheduler.SyncCycleInProgress },
            };
        }

        private static object Record(ConnectorOverride required)
        {
            return new object[,]
            {
                { "ConnectorIdentifier", required.ConnectorIdentifier },
                { "ConnectorName", required.ConnectorName },
                { "FullImportRequired", required.FullImportRequired },
                { "FullSyncRequired", required.FullSyncRequired },
            };
        }

        private static object Ticks(TimeSpan? interval)
        {
            return interval == null ? null : (object)interval.Value.Ticks;
        }

        public static void ReadServer(JsonElement record)
        {
            var server = new Members(record);
            ADSyncStandIn.Server.Rules.AddRange(server.All("rules").Select(ReadRule));
            ADSyncStandIn.Server.Connectors.AddRange(
                server.All("connectors").Select(ReadConnector));
            ADSyncStandIn.Server.Scheduler = ReadScheduler(server.One("scheduler"));
            ADSyncStandIn.Server.Overrides.AddRange(server.All("overrides").Select(ReadOverride));
        }

        private static SynchronizationRule ReadRule(Members rule)
        {
            return new SynchronizationRule
            {
                Name = rule.Text("Name"),
                Identifier = rule.Guid("Identifier"),
                Description = rule.Text("Description"),
                Direction = rule.Enum<SynchronizationRuleDirection>("Direction").Value,
                Precedence = (int?)rule.Number("Precedence"),
                PrecedenceAfter = rule.Guid("PrecedenceAfter"),
                PrecedenceBefore = rule.Guid("PrecedenceBefore"),
                SourceObjectType = rule.Text("SourceObjectType"),
                TargetObjectType = rule.Text("TargetObjectType"),
                Connector = rule.Guid("Connector"),
                LinkType = rule.Enum<SyncRuleLinkType>("LinkType"),
                SoftDeleteExpiryInterval = rule.Interval("SoftDeleteExpiryInterval"),
                ImmutableTag = rule.Text("ImmutableTag"),
                EnablePasswordSync = rule.Flag("EnablePasswordSync"),
                Disabled = rule.Flag("Disabled"),
                AttributeFlowMappings = rule.All("AttributeFlowMappings").Select(ReadFlow).ToList(),
                ScopeFilter = rule.Groups("ScopeFilter")
                    .Select(g => new ScopeConditionGroup
                        { ScopeConditionList = g.Select(ReadScope).ToList() }).ToList(),
                JoinFilter = rule.Groups("JoinFilter")
                    .Select(g => new JoinConditionGroup
                        { JoinConditionList = g.Select(ReadJoin).ToList() }).ToList(),
            };
        }

        private static AttributeFlowMapping ReadFlow(Members flow)
        {
            return new AttributeFlowMapping
            {
                Source = flow.Texts("Source"),
                Destination = flow.Text("Destination"),
                FlowType = flow.Enum<AttributeMappingFlowType>("FlowType").Value,
                ValueMergeType = flow.Enum<AttributeValueMergeType>("ValueMergeType"),
                ExecuteOnce = flow.Flag("ExecuteOnce"),
                Expression = flow.Text("Expression"),
            };
        }

        private static ScopeCondition ReadScope(Members condition)
        {
            return new ScopeCondition(
                condition.Text("Attribute"),
                condition.Text("ComparisonValue"),
                condition.Text("ComparisonOperator"));
        }

        private static JoinCondition ReadJoin(Members condition)
        {
            return new JoinCondition(
                condition.Text("CSAttribute"),
                condition.Text("MVAttribute"),
                condition.Flag("CaseSensitive"));
        }

        private static Connector ReadConnector(Members connector)
        {
            return new Connector
            {
                Name = connector.Text("Name"),
                Identifier = connector.Guid("Identifier"),
                Type = connector.Text("Type"),
                Subtype = connector.Text("Subtype"),
            };
        }

        private static Scheduler ReadScheduler(Members scheduler)
        {
            return new Scheduler
            {
                CustomizedSyncCycleInterval = scheduler.Interval("CustomizedSyncCycleInterval"),
                NextSyncCyclePolicyType =
                    scheduler.Enum<SyncCyclePolicyType>("NextSyncCyclePolicyType").Value,
                PurgeRunHistoryInterval = scheduler.Interval("PurgeRunHistoryInterval").Value,
                SyncCycleEnabled = scheduler.Flag("SyncCycleEnabled"),
                MaintenanceEnabled = scheduler.Flag("MaintenanceEnabled"),
                StagingModeEnabled = scheduler.Flag("StagingModeEnabled"),
                SyncCycleInProgress = scheduler.Flag("SyncCycleInProgress"),
            };
        }

        private static ConnectorOverride ReadOverride(Members required)
        {
            return new ConnectorOverride
            {
                ConnectorIdentifier = required.Guid("ConnectorIdentifier"),
                ConnectorName = required.Text("ConnectorName"),
                FullImportRequired = required.Flag("FullImportRequired"),
                FullSyncRequired = required.Flag("FullSyncRequired"),
            };
        }
    }

    // The members of a JSON object, by type; a JSON null is null.
    public class Members
    {
        private readonly JsonElement record;

        public Members(JsonElement record) { this.record = record; }

        public Members One(string name) { return new Members(record.GetProperty(name)); }

        public IEnumerable<Members> All(string name) { return All(record.GetProperty(name)); }

        public IEnumerable<IEnumerable<Members>> Groups(string name)
        {
            return record.GetProperty(name).EnumerateArray().Select(All);
        }

        private static IEnumerable<Members> All(JsonElement array)
        {
            return array.EnumerateArray().Select(e => new Members(e));
        }

        public string Text(string name) { return Json.Text(record.GetProperty(name)); }

        public string[] Texts(string name)
        {
            var found = record.GetProperty(name);
            return IsNull(found) ? null : found.EnumerateArray().Select(Json.Text).ToArray();
        }

        public bool Flag(string name) { return record.GetProperty(name).GetBoolean(); }

        public Guid Guid(string name) { return record.GetProperty(name).GetGuid(); }

        public long? Number(string name)
        {
            var found = record.GetProperty(name);
            return IsNull(found) ? (long?)null : found.GetInt64();
        }

        public TimeSpan? Interval(string name)
        {
            var ticks = Number(name);
            return ticks == null ? (TimeSpan?)null : new TimeSpan(ticks.Value);
        }

        public T? Enum<T>(string name) where T : struct
        {
            var found = Text(name);
            return found == null ? (T?)null : (T)System.Enum.Parse(typeof(T), found);
        }

        private static bool IsNull(JsonElement found)
        {
            return found.ValueKind == JsonValueKind.Null;
        }
    }

    // JSON of our own: ASCII, so that no console or pipe can change it, and with each UTF-16 code
    // unit outside ASCII escaped by itself, so that half a pair is seen as what it is.
    public static class Json
    {
        public static string Of(object value)
        {
            if (value is PSObject) value = ((PSObject)value).BaseObject;
            if (value == null) return "null";
            if (value is bool) return (bool)value ? "true" : "false";
            if (value is int || value is long)
                return Convert.ToString(value, CultureInfo.InvariantCulture);
            var pairs = value as object[,];
            if (pairs != null)
            {
                var members = Enumerable.Range(0, pairs.GetLength(0))
                    .Select(i => Of(pairs[i, 0]) + ":" + Of(pairs[i, 1]));
                return "{" + string.Join(",", members) + "}";
            }
            if (!(value is string) && value is IEnumerable)
                return "[" + string.Join(",", ((IEnumerable)value).Cast<object>().Select(Of)) + "]";
            return Quoted(value.ToString());
        }

        private static string Quoted(string text)
        {
            var json = new StringBuilder("\"");
            foreach (var unit in text)
                if (unit < ' ' || unit > '~' || unit == '"' || unit == '\\')
                    json.Append("\\u").Append(((int)unit).ToString("x4"));
                else
                    json.Append(unit);
            return json.Append('"').ToString();
        }

        // JsonElement.GetString refuses half a pair.
        public static string Text(JsonElement element)
        {
            if (element.ValueKind == JsonValueKind.Null) return null;
            var quoted = element.GetRawText();
            return Regex.Replace(
                quoted.Substring(1, quoted.Length - 2),
                @"\\(u[0-9A-Fa-f]{4}|.)",
                match => Unescaped(match.Groups[1].Value));
        }

        private static string Unescaped(string escape)
        {
            if (escape.Length > 1)
                return ((char)Convert.ToInt32(escape.Substring(1), 16)).ToString();
            var at = "bfnrt".IndexOf(escape[0]);
            return at < 0 ? escape : "\b\f\n\r\t".Substring(at, 1);
        }
    }

    // ---- Calls and faults -----------------------------------------------------------------------

    public enum FaultKind { Terminating, NonTerminating, Kill }

    public class Fault
    {
        public int CallsLeft { get; set; }
        public FaultKind Kind { get; set; }
        public bool After { get; set; }
    }

    public static class Calls
    {
        public static readonly List<string> Names = new List<string>();
        private static Fault planned;

        public static void Clear()
        {
            Names.Clear();
            planned = null;
        }

        public static void Plan(Fault fault) { planned = fault; }

        // Returns the fault that this call is to have, if any. A fault happens once.
        public static Fault Add(string name)
        {
            Names.Add(name);
            if (planned == null || --planned.CallsLeft > 0) return null;
            var due = planned;
            planned = null;
            return due;
        }
    }

    public abstract class Command : PSCmdlet
    {
        // Ends the statement; whether the script goes on is its $ErrorActionPreference.
        protected void Refuse(string id, object target, string message)
        {
            Refuse(id, target, new InvalidOperationException(message));
        }

        protected void Refuse(string id, object target, Exception why)
        {
            ThrowTerminatingError(new ErrorRecord(why, id, ErrorCategory.InvalidOperation, target));
        }

        protected bool Given(string parameter)
        {
            return MyInvocation.BoundParameters.ContainsKey(parameter);
        }
    }

    // One of ADSync's own cmdlets. Each object that comes through the pipeline is a call; a call
    // whose parameters do not bind is none. A call that is refused before its effect has no fault
    // after it.
    public abstract class ServerCommand : Command
    {
        protected abstract void Run();

        protected sealed override void ProcessRecord()
        {
            var fault = Calls.Add(MyInvocation.MyCommand.Name);
            if (fault == null || fault.After) Run();
            if (fault != null) Fail(fault.Kind);
        }

        private void Fail(FaultKind kind)
        {
            if (kind == FaultKind.Kill) Die();
            var error = new ErrorRecord(
                new InvalidOperationException("The stand-in was told to fail here."),
                "StandInFault", ErrorCategory.InvalidOperation, null);
            if (kind == FaultKind.Terminating) ThrowTerminatingError(error);
            WriteError(error);
        }

        private static void Die()
        {
            Process.GetCurrentProcess().Kill();
            Thread.Sleep(Timeout.Infinite); // in case the system takes a moment
        }

        // -Identifier and -Name of the real cmdlet; its names are case-sensitive. What it does with
        // both is not known; here a connector has to fit both. Nor is it known what an unknown
        // *name* does; here it is the error of an unknown identifier.
        protected List<Connector> FindConnectors(Guid? identifier, string name)
        {
            var found = Server.Connectors
                .Where(c => identifier == null || c.Identifier == identifier)
                .Where(c => name == null || c.Name == name).ToList();
            if (found.Count == 0 && (identifier != null || name != null))
                Refuse("ConnectorNotFound", (object)identifier ?? name,
                    new ConnectorNotFoundException());
            return found;
        }

        // Which other cmdlets are refused then is not known; here it is those that change rules.
        protected void RefuseWhileACycleRuns()
        {
            if (Server.Scheduler.SyncCycleInProgress)
                Refuse("SyncCycleInProgress", null, "A synchronization cycle is in progress.");
        }
    }

    public class ConnectorNotFoundException : Exception
    {
        public ConnectorNotFoundException()
            : base("Operation failed because the specified MA could not be found") { }
    }

    // ---- Making a rule --------------------------------------------------------------------------

    [Cmdlet(VerbsCommon.New, "ADSyncRule")]
    public class NewRule : ServerCommand
    {
        [Parameter(Mandatory = true)] public string Name { get; set; }
        [Parameter] public Guid? Identifier { get; set; }
        [Parameter, AllowEmptyString] public string Description { get; set; }
        [Parameter(Mandatory = true)] public SynchronizationRuleDirection Direction { get; set; }
        [Parameter] public int? Precedence { get; set; }
        [Parameter] public Guid PrecedenceAfter { get; set; }
        [Parameter] public Guid PrecedenceBefore { get; set; }
        [Parameter(Mandatory = true)] public string SourceObjectType { get; set; }
        [Parameter(Mandatory = true)] public string TargetObjectType { get; set; }
        [Parameter(Mandatory = true)] public Guid Connector { get; set; }
        [Parameter] public SyncRuleLinkType? LinkType { get; set; }
        [Parameter] public TimeSpan? SoftDeleteExpiryInterval { get; set; }
        [Parameter, AllowEmptyString] public string ImmutableTag { get; set; }
        [Parameter] public SwitchParameter EnablePasswordSync { get; set; }
        [Parameter] public SwitchParameter Disabled { get; set; }

        protected override void Run()
        {
            WriteObject(new SynchronizationRule
            {
                Name = Name,
                Identifier = Identifier ?? Guid.NewGuid(),
                Description = Description,
                Direction = Direction,
                Precedence = Precedence,
                PrecedenceAfter = PrecedenceAfter,
                PrecedenceBefore = PrecedenceBefore,
                SourceObjectType = SourceObjectType,
                TargetObjectType = TargetObjectType,
                Connector = Connector,
                LinkType = LinkType,
                SoftDeleteExpiryInterval = SoftDeleteExpiryInterval,
                ImmutableTag = ImmutableTag,
                EnablePasswordSync = EnablePasswordSync,
                Disabled = Disabled,
            });
        }
    }

    public abstract class RuleCommand : ServerCommand
    {
        [Parameter(Mandatory = true, ValueFromPipeline = true)]
        public SynchronizationRule SynchronizationRule { get; set; }
    }

    [Cmdlet(VerbsCommon.Add, "ADSyncAttributeFlowMapping")]
    public class AddAttributeFlowMapping : RuleCommand
    {
        [Parameter, AllowEmptyString] public string[] Source { get; set; }
        [Parameter(Mandatory = true)] public string Destination { get; set; }
        [Parameter(Mandatory = true)] public AttributeMappingFlowType FlowType { get; set; }
        [Parameter] public AttributeValueMergeType? ValueMergeType { get; set; }
        [Parameter] public SwitchParameter ExecuteOnce { get; set; }
        [Parameter, AllowEmptyString] public string Expression { get; set; }

        protected override void Run()
        {
            SynchronizationRule.AttributeFlowMappings.Add(new AttributeFlowMapping
            {
                Source = Source,
                Destination = Destination,
                FlowType = FlowType,
                ValueMergeType = ValueMergeType,
                ExecuteOnce = ExecuteOnce,
                Expression = Expression,
            });
            WriteObject(SynchronizationRule);
        }
    }

    [Cmdlet(VerbsCommon.Add, "ADSyncScopeConditionGroup")]
    public class AddScopeConditionGroup : RuleCommand
    {
        [Parameter(Mandatory = true)] public ScopeCondition[] ScopeConditions { get; set; }

        protected override void Run()
        {
            SynchronizationRule.ScopeFilter.Add(
                new ScopeConditionGroup { ScopeConditionList = ScopeConditions.ToList() });
            WriteObject(SynchronizationRule);
        }
    }

    [Cmdlet(VerbsCommon.Add, "ADSyncJoinConditionGroup")]
    public class AddJoinConditionGroup : RuleCommand
    {
        [Parameter(Mandatory = true)] public JoinCondition[] JoinConditions { get; set; }

        protected override void Run()
        {
            SynchronizationRule.JoinFilter.Add(
                new JoinConditionGroup { JoinConditionList = JoinConditions.ToList() });
            WriteObject(SynchronizationRule);
        }
    }

    // ---- Rules on the server --------------------------------------------------------------------

    [Cmdlet(VerbsCommon.Add, "ADSyncRule")]
    public class AddRule : RuleCommand
    {
        protected override void Run()
        {
            RefuseWhileACycleRuns();
            var rule = SynchronizationRule.Copy();
            if (!Server.Connectors.Any(c => c.Identifier == rule.Connector))
                Refuse("ConnectorNotFound", rule, "The specified MA could not be found.");
            if (!Server.KeepsReferences && IsPlaced(rule)) Place(rule);
            else RefuseATakenNumber(rule);
            Server.Put(rule);
            Server.RequireFullSync(rule);
            Store.Save();
            // Whether what comes back shows the number and no reference is not known.
            WriteObject(SynchronizationRule);
        }

        private static bool IsPlaced(SynchronizationRule rule)
        {
            return rule.PrecedenceBefore != Guid.Empty || rule.PrecedenceAfter != Guid.Empty;
        }

        private static IEnumerable<SynchronizationRule> Others(SynchronizationRule rule)
        {
            return Server.Rules.Where(r => r.Identifier != rule.Identifier);
        }

        private void RefuseATakenNumber(SynchronizationRule rule)
        {
            if (Others(rule).Any(r => r.Precedence == rule.Precedence))
                Refuse("PrecedenceTaken", rule, "The precedence is not unique in the system.");
        }

        // A rule that is there already and comes with a reference moves like a new one: not known.
        private void Place(SynchronizationRule rule)
        {
            var number = NumberOfPlace(rule);
            foreach (var behind in Others(rule).Where(r => r.Precedence >= number))
                behind.Precedence++;
            rule.Precedence = number;
            rule.PrecedenceBefore = rule.PrecedenceAfter = Guid.Empty;
        }

        // What the real cmdlet does with both references, with an unknown one, or with that of a
        // rule that was saved without a number is not known.
        private int NumberOfPlace(SynchronizationRule rule)
        {
            var before = rule.PrecedenceBefore != Guid.Empty;
            if (before && rule.PrecedenceAfter != Guid.Empty)
                Refuse("TwoReferences", rule, "A rule has one reference at most.");
            var named = before ? rule.PrecedenceBefore : rule.PrecedenceAfter;
            var anchor = Others(rule).FirstOrDefault(r => r.Identifier == named);
            if (anchor == null || anchor.Precedence == null)
                Refuse("ReferenceNotFound", rule, "The rule of the reference could not be found.");
            return anchor.Precedence.Value + (before ? 0 : 1);
        }
    }

    [Cmdlet(VerbsCommon.Get, "ADSyncRule")]
    public class GetRule : ServerCommand
    {
        [Parameter] public Guid? Identifier { get; set; }

        protected override void Run()
        {
            // A list of its own: what comes after in the pipeline may change the server.
            foreach (var rule in Server.Rules.ToList())
                if (Identifier == null || rule.Identifier == Identifier) WriteObject(rule.Copy());
        }
    }

    // Whether it puts anything out, or moves the rules behind, is not known; here it does neither.
    [Cmdlet(VerbsCommon.Remove, "ADSyncRule", DefaultParameterSetName = "Identifier")]
    public class RemoveRule : ServerCommand
    {
        [Parameter(Mandatory = true, ParameterSetName = "Identifier")]
        public Guid Identifier { get; set; }

        [Parameter(Mandatory = true, ParameterSetName = "Rule", ValueFromPipeline = true)]
        public SynchronizationRule SynchronizationRule { get; set; }

        protected override void Run()
        {
            RefuseWhileACycleRuns();
            var given = SynchronizationRule;
            var identifier = given == null ? Identifier : given.Identifier;
            var rule = Server.Rule(identifier);
            if (rule == null)
                Refuse("RuleNotFound", identifier, "The specified rule could not be found.");
            Server.Rules.Remove(rule);
            Server.RequireFullSync(rule);
            Store.Save();
        }
    }

    // ---- Connectors and the scheduler -----------------------------------------------------------

    [Cmdlet(VerbsCommon.Get, "ADSyncConnector")]
    public class GetConnector : ServerCommand
    {
        [Parameter] public Guid? Identifier { get; set; }
        [Parameter] public string Name { get; set; }

        protected override void Run()
        {
            foreach (var connector in FindConnectors(Identifier, Name))
                WriteObject(connector.Copy());
        }
    }

    [Cmdlet(VerbsCommon.Get, "ADSyncScheduler")]
    public class GetScheduler : ServerCommand
    {
        protected override void Run() { WriteObject(Server.Scheduler.Copy()); }
    }

    [Cmdlet(VerbsCommon.Set, "ADSyncScheduler")]
    public class SetScheduler : ServerCommand
    {
        [Parameter(Position = 0)] public TimeSpan CustomizedSyncCycleInterval { get; set; }
        [Parameter(Position = 1)] public bool SyncCycleEnabled { get; set; }
        [Parameter(Position = 2)] public SyncCyclePolicyType NextSyncCyclePolicyType { get; set; }
        [Parameter(Position = 3)] public TimeSpan PurgeRunHistoryInterval { get; set; }
        [Parameter(Position = 4)] public bool MaintenanceEnabled { get; set; }
        [Parameter(Position = 5)] public bool SchedulerSuspended { get; set; }
        [Parameter] public SwitchParameter Force { get; set; }

        protected override void Run()
        {
            // The real one takes it; Microsoft says that nobody may set it.
            if (Given("SchedulerSuspended"))
                Refuse("Unsupported", null, "Setting SchedulerSuspended is not supported.");
            var scheduler = Server.Scheduler;
            if (Given("CustomizedSyncCycleInterval"))
                scheduler.CustomizedSyncCycleInterval = CustomizedSyncCycleInterval;
            if (Given("SyncCycleEnabled")) scheduler.SyncCycleEnabled = SyncCycleEnabled;
            if (Given("NextSyncCyclePolicyType"))
                scheduler.NextSyncCyclePolicyType = NextSyncCyclePolicyType;
            if (Given("PurgeRunHistoryInterval"))
                scheduler.PurgeRunHistoryInterval = PurgeRunHistoryInterval;
            if (Given("MaintenanceEnabled")) scheduler.MaintenanceEnabled = MaintenanceEnabled;
            Store.Save();
        }
    }

    // Whether connectors without any flag are told is not known; here each one is.
    [Cmdlet(VerbsCommon.Get, "ADSyncSchedulerConnectorOverride")]
    public class GetSchedulerConnectorOverride : ServerCommand
    {
        [Parameter] public Guid? ConnectorIdentifier { get; set; }
        [Parameter] public string ConnectorName { get; set; }

        protected override void Run()
        {
            foreach (var connector in FindConnectors(ConnectorIdentifier, ConnectorName))
                WriteObject(Server.Override(connector.Identifier).Copy());
        }
    }

    [Cmdlet(VerbsCommon.Set, "ADSyncSchedulerConnectorOverride",
        DefaultParameterSetName = "Identifier")]
    public class SetSchedulerConnectorOverride : ServerCommand
    {
        [Parameter(Mandatory = true, ParameterSetName = "Identifier")]
        public Guid? ConnectorIdentifier { get; set; }

        [Parameter(Mandatory = true, ParameterSetName = "Name")]
        public string ConnectorName { get; set; }

        [Parameter] public bool FullImportRequired { get; set; }
        [Parameter] public bool FullSyncRequired { get; set; }

        protected override void Run()
        {
            foreach (var connector in FindConnectors(ConnectorIdentifier, ConnectorName))
            {
                var required = Server.Override(connector.Identifier);
                if (Given("FullImportRequired")) required.FullImportRequired = FullImportRequired;
                if (Given("FullSyncRequired")) required.FullSyncRequired = FullSyncRequired;
            }
            Store.Save();
        }
    }

    // ---- For tests: these are the stand-in's own ------------------------------------------------

    [Cmdlet(VerbsCommon.Clear, "ADSyncStandIn")]
    public class ClearStandIn : Command
    {
        [Parameter] public SwitchParameter KeepReferences { get; set; }

        protected override void ProcessRecord()
        {
            Store.Close();
            Server.Clear();
            Calls.Clear();
            Server.KeepsReferences = KeepReferences;
        }
    }

    [Cmdlet(VerbsCommon.Open, "ADSyncStandIn")]
    public class OpenStandIn : Command
    {
        [Parameter(Mandatory = true)] public string Path { get; set; }

        protected override void ProcessRecord()
        {
            Store.Open(GetUnresolvedProviderPathFromPSPath(Path));
            Calls.Clear();
        }
    }

    [Cmdlet(VerbsCommon.Add, "ADSyncStandInConnector")]
    public class AddStandInConnector : Command
    {
        private static readonly Guid Entra = new Guid("b891884f-051e-4a83-95af-2544101c9083");

        [Parameter(Mandatory = true)] public string Name { get; set; }
        [Parameter(Mandatory = true)] public Guid Identifier { get; set; }
        [Parameter] public string Type { get; set; }
        [Parameter, AllowEmptyString] public string Subtype { get; set; }

        protected override void ProcessRecord()
        {
            var entra = Identifier == Entra;
            Server.Put(new Connector
            {
                Name = Name,
                Identifier = Identifier,
                Type = Type ?? (entra ? "Extensible2" : "AD"),
                Subtype = Subtype ?? (entra ? "Windows Azure Active Directory (Microsoft)" : ""),
            });
            Store.Save();
        }
    }

    [Cmdlet(VerbsCommon.Set, "ADSyncStandInScheduler")]
    public class SetStandInScheduler : Command
    {
        [Parameter] public bool SyncCycleEnabled { get; set; }
        [Parameter] public bool StagingModeEnabled { get; set; }
        [Parameter] public bool SyncCycleInProgress { get; set; }

        protected override void ProcessRecord()
        {
            var scheduler = Server.Scheduler;
            if (Given("SyncCycleEnabled")) scheduler.SyncCycleEnabled = SyncCycleEnabled;
            if (Given("StagingModeEnabled")) scheduler.StagingModeEnabled = StagingModeEnabled;
            if (Given("SyncCycleInProgress")) scheduler.SyncCycleInProgress = SyncCycleInProgress;
            Store.Save();
        }
    }

    [Cmdlet(VerbsCommon.Set, "ADSyncStandInFault")]
    public class SetStandInFault : Command
    {
        [Parameter(Mandatory = true), ValidateRange(1, int.MaxValue)] public int At { get; set; }
        [Parameter(Mandatory = true)] public FaultKind Kind { get; set; }
        [Parameter] public SwitchParameter After { get; set; }

        protected override void ProcessRecord()
        {
            Calls.Plan(new Fault { CallsLeft = At, Kind = Kind, After = After });
        }
    }

    [Cmdlet(VerbsCommon.Get, "ADSyncStandInCall")]
    public class GetStandInCall : Command
    {
        protected override void ProcessRecord()
        {
            foreach (var name in Calls.Names) WriteObject(name);
        }
    }

    [Cmdlet(VerbsCommon.Get, "ADSyncStandInRecord")]
    public class GetStandInRecord : Command
    {
        protected override void ProcessRecord() { WriteObject(Json.Of(Records.Rules())); }
    }
}
