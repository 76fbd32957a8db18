<#
.SYNOPSIS
A stand-in for the ADSync module: one pretended server, in the memory of this process.
.DESCRIPTION
Import-Module ADSyncStandIn.psm1 gives the cmdlets that an exported rule calls, and
  Clear-ADSyncStandIn             forgets all rules and connectors
  Add-ADSyncStandInConnector      makes a connector known
  Get-ADSyncStandInRecord         returns the rules that the server holds, as JSON in ASCII

It runs in any PowerShell 7. Microsoft documents none of these cmdlets, so it does no more than is
known from scripts that call the real ones: rules are stored as copies; a rule with the Identifier
of another takes its place in silence; an unknown connector and a precedence that another rule has
are refused. What a script leaves out stays null, so that the record shows what was bound.
References to other rules (PrecedenceBefore, PrecedenceAfter) are kept and not followed.

The cmdlets are compiled, as the real ones are: their errors follow the $ErrorActionPreference of
the script that calls them, which those of a function in a module would not.
#>

$known = 'ADSyncStandIn.Server' -as [type]
if (-not $known) {
    $types = Add-Type -PassThru -IgnoreWarnings -TypeDefinition @'
using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using System.Text;

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
        public Guid? PrecedenceAfter { get; set; }
        public Guid? PrecedenceBefore { get; set; }
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

    public static class Server
    {
        public static readonly Dictionary<Guid, string> Connectors = new Dictionary<Guid, string>();
        public static readonly List<SynchronizationRule> Rules = new List<SynchronizationRule>();
    }

    public abstract class Command : PSCmdlet
    {
        // Ends the statement; whether the script goes on is its $ErrorActionPreference.
        protected void Refuse(string id, object target, string message)
        {
            var why = new InvalidOperationException(message);
            ThrowTerminatingError(
                new ErrorRecord(why, id, ErrorCategory.InvalidOperation, target));
        }
    }

    [Cmdlet(VerbsCommon.New, "ADSyncRule")]
    public class NewRule : Command
    {
        [Parameter(Mandatory = true)] public string Name { get; set; }
        [Parameter] public Guid? Identifier { get; set; }
        [Parameter, AllowEmptyString] public string Description { get; set; }
        [Parameter(Mandatory = true)] public SynchronizationRuleDirection Direction { get; set; }
        [Parameter] public int? Precedence { get; set; }
        [Parameter] public Guid? PrecedenceAfter { get; set; }
        [Parameter] public Guid? PrecedenceBefore { get; set; }
        [Parameter(Mandatory = true)] public string SourceObjectType { get; set; }
        [Parameter(Mandatory = true)] public string TargetObjectType { get; set; }
        [Parameter(Mandatory = true)] public Guid Connector { get; set; }
        [Parameter] public SyncRuleLinkType? LinkType { get; set; }
        [Parameter] public TimeSpan? SoftDeleteExpiryInterval { get; set; }
        [Parameter, AllowEmptyString] public string ImmutableTag { get; set; }
        [Parameter] public SwitchParameter EnablePasswordSync { get; set; }
        [Parameter] public SwitchParameter Disabled { get; set; }

        protected override void ProcessRecord()
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

    public abstract class RuleCommand : Command
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

        protected override void ProcessRecord()
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

        protected override void ProcessRecord()
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

        protected override void ProcessRecord()
        {
            SynchronizationRule.JoinFilter.Add(
                new JoinConditionGroup { JoinConditionList = JoinConditions.ToList() });
            WriteObject(SynchronizationRule);
        }
    }

    [Cmdlet(VerbsCommon.Add, "ADSyncRule")]
    public class AddRule : RuleCommand
    {
        protected override void ProcessRecord()
        {
            var rule = SynchronizationRule;
            if (!Server.Connectors.ContainsKey(rule.Connector))
                Refuse("ConnectorNotFound", rule, "The specified MA could not be found.");
            if (Server.Rules.Any(
                    r => r.Identifier != rule.Identifier && r.Precedence == rule.Precedence))
                Refuse("PrecedenceTaken", rule, "The precedence is not unique in the system.");
            var at = Server.Rules.FindIndex(r => r.Identifier == rule.Identifier);
            if (at < 0) Server.Rules.Add(rule.Copy());
            else Server.Rules[at] = rule.Copy();
            WriteObject(rule);
        }
    }

    [Cmdlet(VerbsCommon.Get, "ADSyncRule")]
    public class GetRule : Command
    {
        [Parameter] public Guid? Identifier { get; set; }

        protected override void ProcessRecord()
        {
            foreach (var rule in Server.Rules)
                if (Identifier == null || rule.Identifier == Identifier) WriteObject(rule.Copy());
        }
    }

    [Cmdlet(VerbsCommon.Clear, "ADSyncStandIn")]
    public class ClearStandIn : Command
    {
        protected override void ProcessRecord()
        {
            Server.Rules.Clear();
            Server.Connectors.Clear();
        }
    }

    [Cmdlet(VerbsCommon.Add, "ADSyncStandInConnector")]
    public class AddStandInConnector : Command
    {
        [Parameter(Mandatory = true)] public string Name { get; set; }
        [Parameter(Mandatory = true)] public Guid Identifier { get; set; }

        protected override void ProcessRecord()
        {
            Server.Connectors[Identifier] = Name;
        }
    }

    [Cmdlet(VerbsCommon.Get, "ADSyncStandInRecord")]
    public class GetStandInRecord : Command
    {
        protected override void ProcessRecord()
        {
            WriteObject(Json.Of(Server.Rules.Select(Record)));
        }

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

        private static object Ticks(TimeSpan? interval)
        {
            return interval == null ? null : (object)interval.Value.Ticks;
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
            return Text(value.ToString());
        }

        private static string Text(string text)
        {
            var json = new StringBuilder("\"");
            foreach (var unit in text)
                if (unit < ' ' || unit > '~' || unit == '"' || unit == '\\')
                    json.Append("\\u").Append(((int)unit).ToString("x4"));
                else
                    json.Append(unit);
            return json.Append('"').ToString();
        }
    }
}
'@
    # Exports name the conditions' types in full. As accelerators they are found before types of
    # the same names in any other assembly.
    $accelerators = [psobject].Assembly.GetType('System.Management.Automation.TypeAccelerators')
    foreach ($type in $types) {
        if ($type.Name -like '*Condition') { $accelerators::Add($type.FullName, $type) }
    }
    $known = $types[0]
}

Import-Module -Assembly $known.Assembly
Export-ModuleMember -Cmdlet *-ADSync*
